package io.dockerworkflow;

import java.util.List;
import java.util.Optional;

/** A step did not succeed. Thrown by {@link StepResult#orThrow()} only. */
public final class StepFailedException extends WorkflowException {
    private static final long serialVersionUID = 1L;
    private static final int LINES = 20;

    private final transient StepResult result;

    /** Creates an error for this result. */
    public StepFailedException(StepResult result) {
        super(
                "complete the step",
                result.step().toString(),
                Optional.of("it " + result.outcome()),
                lastLines(result.output()),
                null);
        this.result = result;
    }

    /** The result of the step. */
    public StepResult result() {
        return result;
    }

    private static String lastLines(List<String> output) {
        if (output.isEmpty()) {
            return "It wrote no output.";
        }
        List<String> last = output.subList(Math.max(0, output.size() - LINES), output.size());
        return "The end of its output:\n" + String.join("\n", last);
    }
}
