package io.dockerworkflow.internal.step;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.testsupport.JavaInContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build that runs in a container itself, with the engine's socket. */
class StepFromContainerIT {
    @TempDir
    private Path workspace;

    /** In the container. */
    static final class Inside {
        public static void main(String[] arguments) {
            SessionScope scope = SessionScope.open(
                    Mode.FATIMAGE,
                    SessionOptions.defaults().environment(Map.of()).workspace(Path.of("/work")));
            StepPlacement placement = new StepPlacement(
                    scope.engine(),
                    Optional.of("busybox"),
                    scope.names()::engineName,
                    scope.names().labels(),
                    List.of(),
                    Map.of(),
                    Optional.empty());
            Step step = Step.of("sh", "-c", "pwd; cat in; echo made > out");
            scope.run(step, placement).output().forEach(System.out::println);
            try {
                scope.run(step.workspace(Path.of("/home")), placement);
            } catch (InvalidStepException e) {
                System.out.println(e.getMessage());
            }
            scope.close();
        }
    }

    @Test
    void runWhenInAContainerMountsWhatTheHostCallsTheWorkspace() throws Exception {
        Files.writeString(workspace.resolve("in"), "content");

        List<String> said = docker(JavaInContainer.command(List.of("-v", workspace + ":/work"), Inside.class)
                .toArray(String[]::new));

        assertThat(said).contains("/work", "content");
        assertThat(workspace.resolve("out")).hasContent("made");
        assertThat(said.get(said.size() - 1))
                .matches(
                        "Could not run a step \\(sh -c .*\\): this process runs in the engine's container [0-9a-f]+, and the"
                                + " engine's machine does not have its workspace /home\\. Mount the workspace, or a directory above"
                                + " it, into the container that this process runs in\\.");
    }
}
