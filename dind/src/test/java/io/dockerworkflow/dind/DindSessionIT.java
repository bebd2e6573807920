package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import io.dockerworkflow.Child;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class DindSessionIT {
    private static final DindWorkflow DIND = DindWorkflow.create().seed("busybox");

    private EngineConnection outer;

    @BeforeEach
    void connect() {
        outer = EngineConnection.open(SessionOptions.defaults());
    }

    @AfterEach
    void disconnect() {
        outer.close();
    }

    @Test
    void openWhenRightsAreNotNamedGrantsSeventeenCapabilities() {
        try (DindSession session = DindWorkflow.create().open()) {
            InspectContainerResponse daemon = daemon(session);
            assertThat(session.rights()).isEqualTo(Rights.RESTRICTED);
            assertThat(daemon.getHostConfig().getPrivileged()).isFalse();
            assertThat(daemon.getHostConfig().getCapDrop()).containsExactly(Capability.ALL);
            assertThat(daemon.getHostConfig().getCapAdd())
                    .containsExactlyInAnyOrderElementsOf(Confinement.CAPABILITIES);
            assertThat(daemon.getHostConfig().getDevices()).isNullOrEmpty();
            assertThat(daemon.getHostConfig().getSecurityOpts())
                    .allMatch(option -> option.startsWith("seccomp={") || option.equals("apparmor=unconfined"));
            assertThat(session.docker().infoCmd().exec().getDriver()).isNotEqualTo("vfs");
        }
    }

    @Test
    void openWhenPrivilegedIsConsentedGrantsIt() {
        try (DindSession session = DIND.privileged().open()) {
            assertThat(session.rights()).isEqualTo(Rights.PRIVILEGED);
            assertThat(daemon(session).getHostConfig().getPrivileged()).isTrue();
            assertThat(docker(session, "run", "--rm", "busybox", "echo", "nested"))
                    .isEqualTo("nested");
        }
    }

    @Test
    void openWhenRootlessIsAskedForGrantsTwoCapabilitiesAndNoRoot(@TempDir Path workspace) {
        SessionOptions options = SessionOptions.defaults().workspace(workspace);
        try (DindSession session = DIND.rootless().open(options)) {
            assertThat(session.rights()).isEqualTo(Rights.ROOTLESS);
            assertThat(daemon(session).getHostConfig().getPrivileged()).isFalse();
            assertThat(daemon(session).getHostConfig().getCapAdd())
                    .containsExactlyInAnyOrder(Capability.SETUID, Capability.SETGID);
            assertThat(session.docker().infoCmd().exec().getSecurityOptions()).contains("name=rootless");
            assertThat(docker(session, "run", "--rm", "-p", "8080:80", "busybox", "cat", "/proc/self/uid_map"))
                    .doesNotContainPattern("^\\s*0\\s+0\\s");
        }
    }

    @Test
    void nestedContainerWhenMemoryIsLimitedRunsWithinTheLimit() {
        try (DindSession session = DIND.open()) {
            String limit = docker(
                    session,
                    "run",
                    "--rm",
                    "-m",
                    "32m",
                    "busybox",
                    "sh",
                    "-c",
                    "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max");
            assertThat(limit).isEqualTo(Integer.toString(32 << 20));
        }
    }

    /** Engine 28 starts no container at all where it cannot set the switches that this needs. */
    @Test
    void nestedNetworkWhenItHasIpv6GivesContainersSuchAddresses() {
        try (DindSession session = DIND.open()) {
            docker(session, "network", "create", "--ipv6", "--subnet", "fd00:77::/64", "six");
            assertThat(docker(
                            session, "run", "--rm", "--network", "six", "busybox", "ip", "-6", "addr", "show", "eth0"))
                    .contains("inet6 fd00:77::2/64");
        }
    }

    @Test
    void nestedRunWhenImageWasNotSeededNorIsToBePulledFails() {
        try (DindSession session = DindWorkflow.create().open()) {
            assertThatThrownBy(
                            () -> session.docker().createContainerCmd("busybox").exec())
                    .hasMessageContaining("No such image: busybox");
        }
    }

    @Test
    void sessionsWhenOpenAtOnceMayUseTheSameNames() {
        try (DindSession one = DIND.open();
                DindSession two = DIND.open()) {
            for (DindSession session : List.of(one, two)) {
                docker(session, "network", "create", "app");
                docker(session, "run", "-d", "--name", "db", "--network", "app", "busybox", "sleep", "600");
                assertThat(docker(session, "ps", "--format", "{{.Names}}")).isEqualTo("db");
                assertThat(docker(session, "run", "--rm", "--network", "app", "busybox", "ping", "-c1", "-W5", "db"))
                        .contains("1 packets received");
            }
            assertThat(outer.docker()
                            .listContainersCmd()
                            .withShowAll(true)
                            .withNameFilter(List.of("^/db$"))
                            .exec())
                    .isEmpty();
        }
    }

    @Test
    void stepWhenNestedContainerPublishesPortReachesItAtLocalhost() {
        try (DindSession session = DIND.open()) {
            String serve = "echo hello >/index.html; exec httpd -f -p 80 -h /";
            docker(session, "run", "-d", "-p", "8080:80", "busybox", "sh", "-c", serve);
            Step step = Step.of("wget", "-qO-", "http://localhost:8080/").image("busybox");
            assertThat(session.run(step).orThrow().output()).containsExactly("hello");
        }
    }

    @Test
    void stepWhenItUsesDockerUsesTheSessionsDaemonWithTheWorkspace(@TempDir Path workspace) throws Exception {
        Files.writeString(workspace.resolve("in"), "from the host\n");
        SessionOptions options = SessionOptions.defaults().workspace(workspace);
        try (DindSession session = DIND.open(options)) {
            Step step = Step.of(
                            "sh",
                            "-ec",
                            "docker run --name db -v \"$PWD:/w\" busybox cat /w/in; docker ps -a --format '{{.Names}}'")
                    .image("docker:dind");
            assertThat(session.run(step).orThrow().output()).containsExactly("from the host", "db");
            assertThat(docker(session, "ps", "-a", "--format", "{{.Names}}")).isEqualTo("db");
        }
    }

    @Test
    void stepWhenItRunsAsAnyUserMayUseDocker() {
        try (DindSession restricted = DIND.open();
                DindSession rootless = DIND.rootless().open()) {
            Step step = Step.of("docker", "run", "--rm", "busybox", "echo", "hi")
                    .image("docker:dind")
                    .user("1234:1234");
            assertThat(restricted.run(step).orThrow().output()).containsExactly("hi");
            assertThat(rootless.run(step).orThrow().output()).containsExactly("hi");
        }
    }

    @Test
    void nestedBindWhenDirectoryIsInTheWorkspaceSeesItsFiles(@TempDir Path workspace) throws Exception {
        Files.writeString(workspace.resolve("in"), "from the host\n");
        SessionOptions options = SessionOptions.defaults().workspace(workspace);
        try (DindSession session = DIND.open(options)) {
            assertThat(docker(
                            session,
                            "run",
                            "--rm",
                            "-v",
                            workspace + ":/w",
                            "busybox",
                            "sh",
                            "-c",
                            "cat /w/in; echo hi >/w/out"))
                    .isEqualTo("from the host");
            assertThat(workspace.resolve("out")).hasContent("hi");
        }
    }

    @Test
    void closeWhenChildrenAreRunningLeavesNothing() throws Exception {
        DindSession session = DIND.open();
        Path socket = ((Endpoint.UnixSocket) session.endpoint()).path();
        docker(session, "run", "-d", "--name", "stubborn", "busybox", "sh", "-c", "trap '' TERM; sleep 600");
        docker(session, "volume", "create", "data");
        String name = daemon(session).getName().substring(1);

        TeardownReport report = session.teardown(Duration.ofSeconds(30));

        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed())
                .contains(new Child(Child.Kind.CONTAINER, name), new Child(Child.Kind.VOLUME, name + "-data"));
        assertThat(leftOf(session)).isEmpty();
        assertThat(socket.getParent()).doesNotExist();
        assertThatThrownBy(session::docker).isInstanceOf(SessionClosedException.class);
    }

    @Test
    void closeWhenDaemonHasDiedLeavesNothing() {
        try (DindSession session = DIND.open()) {
            outer.docker().killContainerCmd(daemon(session).getId()).exec();
            assertThat(session.teardown(Duration.ofSeconds(30)).survivors()).isEmpty();
            assertThat(leftOf(session)).isEmpty();
        }
    }

    @Test
    void sessionWhenOpenedIsReadySoon() {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            try (DindSession session = DindWorkflow.create().open()) {
                millis.add((System.nanoTime() - start) / 1_000_000);
                assertThat(session.docker().pingCmd().exec()).isNull();
            }
        }
        LoggerFactory.getLogger(DindSessionIT.class).info("Ready after {} ms", millis);
    }

    /** Runs the test with an image whose daemon reads this configuration. */
    private InspectContainerResponse daemon(DockerSession session) {
        return outer.docker()
                .inspectContainerCmd("dw-" + session.id() + "-daemon")
                .exec();
    }

    private List<String> leftOf(DockerSession session) {
        return Outer.left(outer, Labels.SESSION + "=" + session.id());
    }

    private static String docker(DockerSession session, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return Command.run(session.configure(new ProcessBuilder(command)));
    }
}
