package io.dockerworkflow.fatimage;

import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.session.SessionScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks, in a step of its own, whether an image has the tools that a build needs. */
final class ToolCheck {
    private static final String PREFIX = "missing: ";
    private static final String SCRIPT =
            "for tool do command -v \"$tool\" >/dev/null 2>&1 || echo \"" + PREFIX + "$tool\"; done";

    private final SessionScope scope;

    ToolCheck(SessionScope scope) {
        this.scope = scope;
    }

    /**
     * Checks that the commands are on the image's path, as seen by the steps' user.
     *
     * @throws WorkflowException that names the missing commands
     */
    void check(String image, List<String> tools) {
        if (tools.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh"));
        command.addAll(tools);
        StepResult result = scope.run(Step.of(command), StepPlacements.in(Optional.of(image), scope))
                .orThrow();
        List<String> missing = result.output().stream()
                .filter(line -> line.startsWith(PREFIX))
                .map(line -> line.substring(PREFIX.length()))
                .toList();
        if (!missing.isEmpty()) {
            throw new WorkflowException(
                    "find every tool in the fat image",
                    image,
                    Optional.of("it lacks " + missing.stream().collect(Collectors.joining(", "))),
                    "Install them in the image, or use one that has them",
                    null);
        }
    }
}
