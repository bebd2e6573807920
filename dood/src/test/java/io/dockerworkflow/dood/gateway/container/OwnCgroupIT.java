package io.dockerworkflow.dood.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.testsupport.JavaInContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Children in the cgroup of whoever runs the session. Where each is, the engine's host tells; with cgroup v1 also each itself,
 * which with v2 sees only what is below its own group.
 */
@Timeout(180)
class OwnCgroupIT {

    @TempDir
    Path directory;

    /** What runs in a container with the engine's socket. */
    static final class Build {
        private Build() {}

        public static void main(String[] arguments) {
            System.out.println(
                    "caller " + groupOf(text(Path.of("/etc/hostname")).strip()));
            try {
                tell(SessionOptions.defaults());
            } catch (WorkflowException e) {
                System.out.println("failed " + e.getMessage());
            }
        }
    }

    private static void tell(SessionOptions options) {
        try (DockerSession session = DoodWorkflow.create().inOwnCgroup().open(options)) {
            Cli cli = new Cli(session);
            System.out.println("child "
                    + groupOf(cli.docker("run", "-d", "--name", "child", "busybox", "sleep", "600")
                            .ok()));
            System.out.println("shown "
                    + cli.docker("inspect", "-f", "[{{.HostConfig.CgroupParent}}]", "child")
                            .ok());
            System.out.println("step "
                    + memoryGroup(String.join(
                            "\n",
                            session.run(Step.of("cat", "/proc/self/cgroup").image("busybox"))
                                    .orThrow()
                                    .output())));
            System.out.println("refused "
                    + cli.docker("run", "--cgroup-parent", "/other", "busybox", "true")
                            .output());
            System.out.println("build "
                    + memoryGroup(
                            cli.dockerWithInput("FROM busybox\nRUN cat /proc/self/cgroup\n", "build", "--no-cache", "-")
                                    .ok()));
        }
    }

    /** A running container's group, as the engine's host sees it. */
    private static String groupOf(String container) {
        List<String> groups = engine(
                        "run",
                        "--rm",
                        "-v",
                        "/sys/fs/cgroup:/host:ro",
                        "busybox",
                        "find",
                        "/host",
                        "-type",
                        "d",
                        "-name",
                        "*" + container + "*")
                .lines()
                .toList();
        return groups.stream()
                .filter(group -> group.startsWith("/host/memory/"))
                .findFirst()
                .or(() -> groups.stream().findFirst())
                .map(group -> group.replaceFirst("^/host(/memory(?=/))?", ""))
                .orElseThrow(() -> new AssertionError("no group of " + container));
    }

    /** Runs the docker CLI beside all sessions. */
    private static String engine(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try {
            return Cli.result(new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .start())
                    .ok();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean systemdDrives() {
        return engine("info", "--format", "{{.CgroupDriver}}").equals("systemd");
    }

    /** With v2 a container does not see in which group it is. */
    private static boolean containersSeeTheirGroup() {
        return engine("info", "--format", "{{.CgroupVersion}}").equals("1");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With cgroup v1 that of the controller that limits memory, with v2 the only one. */
    private static String memoryGroup(String cgroup) {
        List<String> lines = cgroup.lines().toList();
        return Stream.concat(
                        lines.stream().filter(line -> line.matches("\\d+:([a-z_,]*,)?memory(,.*)?:.*")),
                        lines.stream().filter(line -> line.startsWith("0::")))
                .map(line -> line.split(":", 3)[2])
                .findFirst()
                .orElseThrow(() -> new AssertionError("no group in " + cgroup));
    }

    @Test
    void childWhenTheCallerRunsInAContainerIsInItsGroup() throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(JavaInContainer.command(
                List.of(
                        "-v",
                        directory + ":" + directory,
                        "--memory",
                        "1g",
                        // The classic builder: a build with BuildKit that the engine drives has no option for a cgroup.
                        "-e",
                        "DOCKER_BUILDKIT=0",
                        "-e",
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                Build.class));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String caller = line(said, "caller ");
        if (systemdDrives()) {
            assertThat(caller).matches("/.*/docker-[0-9a-f]{64}\\.scope");
            assertThat(line(said, "failed "))
                    .contains("the engine's cgroup driver is systemd, which puts containers into slices only");
            return;
        }
        assertThat(caller).as(said).matches("/.*[0-9a-f]{64}");
        List<String> kinds = containersSeeTheirGroup() ? List.of("child ", "step ", "build ") : List.of("child ");
        for (String kind : kinds) {
            assertThat(line(said, kind)).as(kind + "in " + said).matches(caller + "/[^/]+");
        }
        assertThat(line(said, "shown ")).isEqualTo("[]");
        assertThat(line(said, "refused ")).contains("is refused by the session's policy (cgroup-parents");
    }

    @Test
    void childWhenTheCallerRunsOnTheHostIsInItsGroup() throws IOException {
        String caller = memoryGroup(text(Path.of("/proc/self/cgroup")));
        try (DockerSession session = DoodWorkflow.create().inOwnCgroup().open()) {
            Cli cli = new Cli(session);
            String child =
                    groupOf(cli.docker("run", "-d", "busybox", "sleep", "600").ok());
            assertThat(child).matches((caller.equals("/") ? "" : caller) + "/[0-9a-f]{64}");
            if (!containersSeeTheirGroup()) {
                return;
            }
            Path context = Files.createDirectory(directory.resolve("context"));
            Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN cat /proc/self/cgroup\n");
            Cli.Result built = new NewClients(session)
                    .docker(context, "buildx", "build", "--no-cache", "--progress", "plain", ".");
            String step = built.ok()
                    .lines()
                    .map(line -> line.replaceFirst("^#\\d+ [0-9.]+ ", ""))
                    .filter(line -> line.matches("\\d+:.*"))
                    .reduce("", (all, line) -> all + line + "\n");
            // Builders before engine 24 cannot be told.
            String parent = buildersTakeCgroups() ? caller : "/docker";
            assertThat(memoryGroup(step)).matches((parent.equals("/") ? "" : parent) + "(/[^/]+)+");
        }
    }

    private static boolean buildersTakeCgroups() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            String[] version = engine.version().api().split("\\.");
            return Integer.parseInt(version[1]) >= 43;
        }
    }

    private static String line(String said, String kind) {
        return said.lines()
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(kind.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line \"" + kind + "\" in " + said));
    }
}
