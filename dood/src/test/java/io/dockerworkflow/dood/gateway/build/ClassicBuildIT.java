package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Child;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.Host;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the classic builder makes is the session's without a label, which would be a step of the build. */
@Timeout(180)
class ClassicBuildIT {
    private static final Map<String, String> CLASSIC = Map.of("DOCKER_BUILDKIT", "0");

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private int contexts;

    @Test
    void buildWhenTheHostHasBuiltItGivesThatImageAndLeavesTheHosts() throws Exception {
        Path context = context("FROM busybox\nRUN echo same-" + System.nanoTime() + " > /same\nCMD cat /same\n");
        Host.run(context, List.of("env", "DOCKER_BUILDKIT=0", "docker", "build", "-q", "-t", "dw-test-same", "."));
        try {
            String hosts = inspect("dw-test-same", "{{.Id}} {{json .Config.Cmd}} {{.Parent}}");
            String history = Host.run(context, List.of("docker", "history", "-q", "--no-trunc", "dw-test-same"));
            try (DockerSession session = DoodWorkflow.create().open()) {
                Cli cli = new Cli(session, CLASSIC);
                assertThat(cli.docker("build", "-t", "mine", context.toString()).ok())
                        .contains("Using cache", "Successfully tagged mine:latest")
                        .doesNotContain("dw-" + session.id(), "build-");
                assertThat(cli.docker("inspect", "-f", "{{.Id}} {{json .Config.Cmd}} {{.Parent}}", "mine")
                                .ok())
                        .isEqualTo(hosts);
                assertThat(cli.docker("history", "-q", "--no-trunc", "mine").ok())
                        .isEqualTo(history);
            }
            assertThat(inspect("dw-test-same", "{{.RepoTags}}")).isEqualTo("[dw-test-same:latest]");
        } finally {
            Host.run(context, List.of("docker", "rmi", "dw-test-same"));
        }
    }

    @Test
    void buildWhenItIsRepeatedAlsoAtOnceIsHeldByOneTag() throws Exception {
        List<String> before = Host.imageIds();
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session, CLASSIC);
            String context = context("FROM busybox\nRUN echo " + session.id() + " > /one\n")
                    .toString();
            String id = image(cli.docker("build", "-q", context));
            List<CompletableFuture<Cli.Result>> builds = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                builds.add(Background.supply(() -> cli.docker("build", "-q", context)));
            }
            builds.forEach(build -> assertThat(image(build.join())).isEqualTo(id));
            assertThat(inspect(id, "{{.RepoTags}}")).containsOnlyOnce("dw-" + session.id());
            assertThat(cli.docker("images", "-q", "--no-trunc", "--filter", "dangling=true")
                            .ok())
                    .contains(id);
            assertThat(cli.docker("run", "--rm", id, "cat", "/one").ok())
                    .isEqualTo(session.id().value());
        }
        assertThat(Host.imageIds()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void buildWhenAnotherSessionBuildsTheSameOutlivesThatSession() throws Exception {
        List<String> before = Host.imageIds();
        try (DockerSession two = DoodWorkflow.create().open()) {
            String context = context("FROM busybox\nRUN echo " + two.id() + " > /both\nCMD cat /both\n")
                    .toString();
            try (DockerSession one = DoodWorkflow.create().open()) {
                String first = image(new Cli(one, CLASSIC).docker("build", "-q", "-t", "both", context));
                assertThat(image(new Cli(two, CLASSIC).docker("build", "-q", "-t", "both", context)))
                        .isEqualTo(first);
            }
            assertThat(new Cli(two).docker("run", "--rm", "both").ok())
                    .isEqualTo(two.id().value());
        }
        assertThat(Host.imageIds()).containsExactlyInAnyOrderElementsOf(before);
    }

    /** Whose process is killed now leaves nothing that a sweep does not know. */
    @Test
    void buildWhileItRunsHoldsTheLastImageOfEachStage() throws Exception {
        List<String> before = Host.imageIds();
        DockerSession session = DoodWorkflow.create().open();
        try (session) {
            List<String> opened = Host.imageIds();
            Path context = context("FROM busybox AS one\nRUN echo " + session.id() + " > /one\nRUN echo 1 > /two\n"
                    + "FROM busybox\nCOPY --from=one /one /one\nRUN sleep 600\n");
            Process build = new Cli(session, CLASSIC).start("build", context.toString());
            try {
                await().atMost(SOON).until(() -> held(session).size() == 2);
                List<String> chains = new ArrayList<>();
                for (String tag : held(session)) {
                    chains.addAll(Host.run(directory, List.of("docker", "history", "-q", "--no-trunc", tag))
                            .lines()
                            .toList());
                }
                List<String> made = new ArrayList<>(Host.imageIds());
                made.removeAll(opened);
                assertThat(made).hasSize(3);
                assertThat(chains).as("of the images that are held").containsAll(made);
                await().atMost(SOON).until(() -> notedSteps(session).size() == 1);
                String noted = notedSteps(session).get(0);
                String container = noted.replaceAll(".*container=([0-9a-f]+) .*", "$1");
                assertThat(inspect(container, "{{json .Config.Cmd}}")).contains("sleep 600");
                assertThat(inspect(container, "{{.Image}}"))
                        .startsWith("sha256:" + noted.replaceAll("parent=([0-9a-f]+) .*", "$1"));
            } finally {
                build.destroy();
            }
            assertThat(build.waitFor(20, TimeUnit.SECONDS)).isTrue();
            await().atMost(SOON)
                    .until(() -> held(session).stream().noneMatch(tag -> tag.matches(".*:build-\\d+\\.\\d+")));
            // The note of the step stays, or goes with the engine's word that the step has failed, whichever of the
            // client's
            // end and that word the gateway hears first; ClassicBuildTest tells the two apart.
            assertThat(notedSteps(session)).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(Host.imageIds()).containsExactlyInAnyOrderElementsOf(before);
    }

    private static List<String> notedSteps(DockerSession session) throws Exception {
        List<String> notes = new ArrayList<>();
        Path socket = Path.of(session.endpoint().dockerHost().substring("unix://".length()));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(socket.resolveSibling("."), "step-*")) {
            for (Path file : files) {
                notes.add(Files.readString(file));
            }
        }
        return notes;
    }

    private List<String> held(DockerSession session) throws Exception {
        return Host.run(directory, List.of("docker", "images", "--format", "{{.Repository}}:{{.Tag}}"))
                .lines()
                .filter(tag -> tag.startsWith("dw-" + session.id() + "-images/"))
                .toList();
    }

    /** Labels that the session's options add are for operators to find; they are steps of the build, but not the client's. */
    @Test
    void buildWhenTheSessionAddsLabelsHasThemUnseenByTheClient() throws Exception {
        try (DockerSession session =
                DoodWorkflow.create().open(SessionOptions.defaults().label("job", "42"))) {
            Cli cli = new Cli(session, CLASSIC);
            String context = context("FROM busybox\nCMD true\n").toString();
            assertThat(cli.docker("build", "-t", "app", context).ok())
                    .contains("Step 2/2 : CMD true")
                    .doesNotContain("LABEL", "job");
            assertThat(cli.docker("inspect", "-f", "{{json .Config.Labels}}", "app")
                            .ok())
                    .doesNotContain("job");
            SessionInfo info =
                    Sessions.find(SessionOptions.defaults(), session.id()).orElseThrow();
            assertThat(info.ownerAlive()).isTrue();
            SessionInfo.ChildInfo image = info.children().stream()
                    .filter(child -> child.child().kind() == Child.Kind.IMAGE)
                    .findFirst()
                    .orElseThrow();
            assertThat(image.child().name()).startsWith("dw-" + session.id()).endsWith("/app:latest");
            assertThat(inspect(image.id(), "{{.Config.Labels.job}}")).isEqualTo("42");
        }
    }

    /** The tag that holds the image is no news when it comes, and one when it goes: an engine does not say which tag that was. */
    @Test
    void eventsWhenAnImageIsBuiltAndRemovedTellOfOneUntagMore() throws Exception {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session, CLASSIC);
            String since = Long.toString(Instant.now().getEpochSecond());
            String id = image(cli.docker(
                    "build",
                    "-q",
                    "-t",
                    "news",
                    context("FROM busybox\nRUN echo " + session.id() + " > /news\nRUN echo > /more\n")
                            .toString()));
            cli.docker("rmi", "news").ok();
            String until = Long.toString(Instant.now().getEpochSecond() + 1);
            assertThat(cli.docker(Cli.imageEvents(since, until, "{{.Action}} {{.Actor.ID}}"))
                            .ok()
                            .lines()
                            // Engine 28.5.2 tells of that, too.
                            .filter(event -> !event.equals("create " + id)))
                    .containsExactly("tag " + id, "untag " + id, "untag " + id, "delete " + id);
        }
    }

    /** What the gateway's own tags look like behind the session's prefix, a client's may look like as well. */
    @Test
    void tagWhenItLooksLikeTheGatewaysOwnIsAnOrdinaryOne() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session);
            for (String name : List.of("unnamed:1", "push/app:1", "tag/app:1", "build-1:build-1")) {
                cli.docker("tag", "busybox", name).ok();
                assertThat(cli.docker("images", "-q", name).ok()).isNotEmpty();
                assertThat(cli.docker("rmi", name).ok()).isEqualTo("Untagged: " + name);
            }
        }
    }

    /** The id that a quiet build prints, behind what a newer CLI has to say of the builder. */
    private static String image(Cli.Result built) {
        String said = built.ok();
        return said.substring(said.lastIndexOf("sha256:"));
    }

    private String inspect(String image, String format) throws IOException, InterruptedException {
        return Host.run(directory, List.of("docker", "inspect", "-f", format, image));
    }

    private Path context(String dockerfile) throws IOException {
        Path context = Files.createDirectory(directory.resolve("context" + contexts++));
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        return context;
    }
}
