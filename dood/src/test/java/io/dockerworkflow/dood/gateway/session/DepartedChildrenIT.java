package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Child;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ChildCreated;
import io.dockerworkflow.WorkflowEvent.ChildRemoved;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.DeafRelay;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes away without a request of the session's clients is not held, and is told of, once. */
@Timeout(600)
class DepartedChildrenIT {
    private static final int RUNS = 60;
    private static final String NOTHING =
            " with 0 containers, 0 networks, 0 volumes, 0 execs, 0 with aliases, 0 births";

    @TempDir
    Path directory;

    private final List<WorkflowEvent> events = Collections.synchronizedList(new ArrayList<>());

    private DockerSession open() {
        return DoodWorkflow.create().open(SessionOptions.defaults().listener(events::add));
    }

    private Stream<Child> created() {
        return List.copyOf(events).stream()
                .flatMap(event -> event instanceof ChildCreated made ? Stream.of(made.child()) : Stream.empty());
    }

    private Stream<Child> removed() {
        return List.copyOf(events).stream()
                .flatMap(event -> event instanceof ChildRemoved gone ? Stream.of(gone.child()) : Stream.empty());
    }

    private static void awaitNothing(DockerSession session) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(session).asString().endsWith(NOTHING));
    }

    @Test
    void runsWhenContainersRemoveThemselvesLeaveNothingInTheIndex() {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try (DockerSession session = open()) {
            assertThat(session).asString().endsWith(NOTHING);
            Cli cli = new Cli(session);
            List<CompletableFuture<String>> runs = IntStream.range(0, RUNS)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> cli.docker(
                                            "run",
                                            "--rm",
                                            "--name",
                                            "run-" + i % 50 + "-" + i / 50,
                                            "-v",
                                            "/anonymous",
                                            "busybox",
                                            "echo",
                                            "" + i)
                                    .ok(),
                            clients))
                    .toList();
            assertThat(runs).extracting(CompletableFuture::join).hasSize(RUNS).contains("0", "59");
            awaitNothing(session);
            // Before the session's end.
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(removed().filter(child -> child.kind() == Child.Kind.CONTAINER))
                        .hasSize(RUNS);
            });
        } finally {
            clients.shutdownNow();
        }
        assertThat(removed()).doesNotHaveDuplicates();
        assertThat(removed()).containsExactlyInAnyOrderElementsOf(created().toList());
    }

    @Test
    void childWhenSomebodyElseRemovesItIsForgottenAndToldOnce() {
        try (DockerSession session = open();
                EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            Cli cli = new Cli(session);
            cli.docker("network", "create", "net").ok();
            cli.docker("volume", "create", "data").ok();
            String id = cli.docker(
                            "run",
                            "-d",
                            "--network",
                            "net",
                            "-v",
                            "data:/d",
                            "--name",
                            "first",
                            "busybox",
                            "sleep",
                            "600")
                    .ok();
            cli.docker("exec", "first", "true").ok();
            cli.docker("rename", "first", "second").ok();
            String prefix = "dw-" + session.id() + "-";
            engine.docker().removeContainerCmd(id).withForce(true).exec();
            engine.docker().removeNetworkCmd(prefix + "net").exec();
            engine.docker().removeVolumeCmd(prefix + "data").exec();
            awaitNothing(session);
            for (String reference : List.of("second", id, id.substring(0, 12))) {
                assertThat(cli.docker("inspect", reference).output()).contains("No such object: " + reference);
            }
            // Names are free again, and what has them now is held.
            cli.docker("volume", "create", "data").ok();
            cli.docker("run", "-d", "--name", "second", "-v", "data:/d", "busybox", "sleep", "600")
                    .ok();
            assertThat(session).asString().contains(" with 1 containers, 0 networks, 1 volumes,");
            assertThat(cli.docker("volume", "ls", "-q").ok()).isEqualTo("data");
        }
        assertThat(removed().map(Child::name).map(name -> name.replaceFirst("^dw-[0-9a-f]+-", "")))
                .containsExactlyInAnyOrder("first", "net", "data", "second", "data");
    }

    @Test
    void childWhenItGoesWhileEventsAreNotHeardIsForgottenLater() throws Exception {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults());
                DeafRelay relay = DeafRelay.open(
                        directory.resolve("engine.sock"), ((Endpoint.UnixSocket) engine.endpoint()).path());
                DockerSession session = DoodWorkflow.create()
                        .open(SessionOptions.defaults()
                                .engine(new Endpoint.UnixSocket(directory.resolve("engine.sock")))
                                .listener(events::add))) {
            assertThat(relay.isListening()).isFalse();
            Cli cli = new Cli(session);
            String gone = cli.docker("run", "-d", "busybox", "sleep", "600").ok();
            cli.docker("run", "-d", "--name", "stays", "busybox", "sleep", "600")
                    .ok();
            await().until(relay::isListening);
            relay.deafen();
            engine.docker().removeContainerCmd(gone).withForce(true).exec();
            // More than the engine remembers, and soon: the longer nobody hears it, the more seldom it is asked.
            for (int i = 0; i < 150; i++) {
                engine.docker()
                        .tagImageCmd("busybox", "departed-children", "it")
                        .exec();
                engine.docker().removeImageCmd("departed-children:it").exec();
            }
            assertThat(session).asString().contains(" with 2 containers,");
            relay.hear();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(session).asString().contains(" with 1 containers,"));
            assertThat(cli.docker("ps", "--format", "{{.Names}}").ok()).isEqualTo("stays");
        }
        assertThat(removed())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(created().toList());
    }
}
