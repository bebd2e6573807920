package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.testsupport.JavaInContainer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A build that runs in a container with the engine's socket, as CI systems run their agents. */
@Timeout(180)
class DoodFromContainerIT {

    /** What runs in that container. */
    static final class Build {
        private Build() {}

        public static void main(String[] arguments) {
            SessionOptions options = SessionOptions.defaults()
                    .workspace(Path.of("/work"))
                    .listener(event -> {
                        if (event instanceof WorkflowEvent.StepOutput output) {
                            System.out.println("step: " + output.line());
                        }
                    });
            try (DockerSession session = DoodWorkflow.create().open(options)) {
                System.out.println("here: "
                        + new Cli(session)
                                .docker("run", "--rm", "-v", "/work:/w", "busybox", "cat", "/w/in")
                                .output());
                new Cli(session)
                        .docker("run", "-d", "--name", "db", "busybox", "sleep", "600")
                        .ok();
                StepResult step = session.run(Step.of(
                                "sh",
                                "-c",
                                "cat in; docker ps --format '{{.Names}}'; docker run --rm -v $PWD:/w busybox ls /w; touch out")
                        .image("docker:dind"));
                System.out.println(step.outcome());
            } catch (WorkflowException e) {
                System.out.println(e.getMessage());
            }
            DoodWorkflow trusted = DoodWorkflow.create().policy(SessionPolicy.trusted());
            try (DockerSession session = trusted.open(options)) {
                System.out.println("own directory: "
                        + new Cli(session)
                                .docker("run", "--rm", "-v", "/home:/w", "busybox", "true")
                                .output());
            }
        }
    }

    @Test
    void stepWhenTheBuildRunsInAContainerHasWorkspaceAndDocker(@TempDir Path workspace) throws Exception {
        Files.writeString(workspace.resolve("in"), "from the host\n");
        String said = inside(List.of("-v", workspace + ":/work"));
        assertThat(said)
                .contains("here: from the host", "step: from the host", "step: db")
                .contains("own directory: docker: Error response from daemon: HostConfig.Binds \"/home\" is refused")
                .contains("is on none of the mounts that it shares with the engine's host");
        assertThat(workspace.resolve("out")).exists();
        assertThat(workspace).isDirectoryNotContaining("glob:**dw-*");
    }

    @Test
    void stepWhenTheContainerSharesOnlyAVolumeHasDockerFromThere(@TempDir Path workspace) throws Exception {
        Files.writeString(workspace.resolve("in"), "from the host\n");
        String said = inside(List.of("-v", workspace + ":/work", "-v", "/session-volume"));
        assertThat(said).contains("step: from the host", "step: db");
    }

    /** What runs in a container that shares nothing with the engine's host. */
    static final class LonelyBuild {
        private static final String STEP = """
                docker ps --format '{{.Names}}'
                echo hello | docker run -i --rm busybox sh -c 'cat; echo from the child'
                docker run --rm busybox sh -c 'dd if=/dev/zero bs=1M count=20 2>/dev/null' | wc -c
                ls -ln /run/docker-workflow | awk 'NR > 1 {print $1, $3, $NF}'
                env | grep ^DOCKER_ | sort
                env -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH docker ps >/dev/null 2>&1 || echo plain text: refused
                """;

        private LonelyBuild() {}

        public static void main(String[] arguments) throws Exception {
            List<String> lines = new ArrayList<>();
            SessionOptions options = SessionOptions.defaults().listener(event -> {
                if (event instanceof WorkflowEvent.StepOutput output) {
                    lines.add(output.line());
                    System.out.println("step: " + output.line());
                }
            });
            List<String> ids = new ArrayList<>();
            try (DockerSession session = DoodWorkflow.create().open(options)) {
                ids.add(session.id().value());
                new Cli(session)
                        .docker("run", "-d", "--name", "db", "busybox", "sleep", "600")
                        .ok();
                System.out.println(session.run(Step.of("sh", "-c", STEP).image("docker:dind"))
                        .outcome());
                System.out.println(session.run(Step.of("sh", "-c", "id -u; docker ps --format 'as user: {{.Names}}'")
                                .image("docker:dind")
                                .user("1234:1234"))
                        .outcome());
                String endpoint = lines.stream()
                        .filter(line -> line.startsWith("DOCKER_HOST=tcp://"))
                        .findFirst()
                        .orElse("none:0");
                int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
                try {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    System.out.println("listens on loopback too");
                } catch (ConnectException e) {
                    System.out.println("loopback: refused");
                }
            } catch (WorkflowException e) {
                System.out.println(e.getMessage());
            }
            Process list = new ProcessBuilder("docker", "network", "ls", "--format", "network {{.Name}}").start();
            String networks = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.println("left: "
                    + networks.lines().filter(name -> name.contains(ids.get(0))).toList());
        }
    }

    @Test
    void stepWhenItsContainerIsInTheHostsNetworkIsToldItHasNoDocker() throws Exception {
        assertThat(inside(List.of("--network", "host"), LonelyBuild.class))
                .contains("is on none of the mounts that it shares with the engine's host")
                .contains("left: []");
    }

    @Test
    void stepWhenTheContainerSharesNothingHasDockerOverTheNetwork() throws Exception {
        String said = inside(List.of(), LonelyBuild.class);
        assertThat(said.lines())
                .contains(
                        "step: db",
                        "step: hello",
                        "step: from the child",
                        "step: 20971520",
                        "step: -r-------- 0 key.pem",
                        "step: DOCKER_TLS_VERIFY=1",
                        "step: DOCKER_CERT_PATH=/run/docker-workflow",
                        "exited with code 0",
                        "step: 1234",
                        "step: as user: db",
                        "loopback: refused",
                        "step: plain text: refused",
                        "left: []");
    }

    private static String inside(List<String> options) throws Exception {
        return inside(options, Build.class);
    }

    private static String inside(List<String> options, Class<?> main) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        List<String> shared = new ArrayList<>(options);
        // the CLI that the build uses
        shared.addAll(List.of("-e", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        command.addAll(JavaInContainer.command(shared, main));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
