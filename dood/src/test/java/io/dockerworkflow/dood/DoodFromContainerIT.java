package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.spi.JavaInContainer;
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

    private static String inside(List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        List<String> shared = new ArrayList<>(options);
        // the CLI that the build uses
        shared.addAll(List.of("-e", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        command.addAll(JavaInContainer.command(shared, Build.class));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
