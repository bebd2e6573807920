package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.testsupport.JavaInContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build that runs in a container with the engine's socket, as CI systems run their agents. */
class DindFromContainerIT {

    /** What runs in that container. */
    static final class Build {
        private Build() {}

        public static void main(String[] arguments) {
            SessionOptions options = SessionOptions.defaults().workspace(Path.of("/work"));
            try (DindSession session = DindWorkflow.create().seed("busybox").open(options)) {
                System.out.println("nested: "
                        + Command.run(session.configure(new ProcessBuilder(
                                "docker", "run", "--rm", "-v", "/work:/w", "busybox", "cat", "/w/in"))));
            } catch (WorkflowException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void sessionWhenInAContainerSharesItsWorkspaceWithNestedOnes(@TempDir Path workspace) throws Exception {
        Files.writeString(workspace.resolve("in"), "from the host");
        assertThat(inside("-v", workspace + ":/work")).contains("nested: from the host");
        assertThat(workspace).isDirectoryNotContaining("glob:**dw-*");
    }

    @Test
    void openWhenTheContainerSharesNothingSaysWhatToMount() throws Exception {
        assertThat(inside("--tmpfs", "/work"))
                .contains("Could not share a directory with the session's daemon (")
                .contains("Mount it, or a directory above it, into the container that this process runs in.");
    }

    private static String inside(String... options) throws Exception {
        return Command.run(new ProcessBuilder(
                Stream.concat(Stream.of("docker"), JavaInContainer.command(List.of(options), Build.class).stream())
                        .toList()));
    }
}
