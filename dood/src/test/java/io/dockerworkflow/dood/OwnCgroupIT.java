package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.spi.EngineConnection;
import io.dockerworkflow.spi.JavaInContainer;
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

/** Children in the cgroup of whoever runs the session. The kernel says where each is: {@code /proc/self/cgroup}. */
@Timeout(180)
class OwnCgroupIT {

    @TempDir
    Path directory;

    /** What runs in a container with the engine's socket. */
    static final class Build {
        private Build() {}

        public static void main(String[] arguments) {
            System.out.println("caller " + memoryGroup(text(Path.of("/proc/self/cgroup"))));
            tell(SessionOptions.defaults());
        }
    }

    private static void tell(SessionOptions options) {
        try (DockerSession session = DoodWorkflow.create().inOwnCgroup().open(options)) {
            Cli cli = new Cli(session);
            System.out.println("child "
                    + memoryGroup(cli.docker("run", "--name", "child", "busybox", "cat", "/proc/self/cgroup")
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
        assertThat(caller).as(said).matches("/.*[0-9a-f]{64}");
        for (String kind : List.of("child ", "step ", "build ")) {
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
            String child = memoryGroup(cli.docker("run", "--rm", "busybox", "cat", "/proc/self/cgroup")
                    .ok());
            assertThat(child).matches((caller.equals("/") ? "" : caller) + "/[0-9a-f]{64}");
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
