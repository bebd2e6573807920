package io.dockerworkflow;

import java.util.List;
import java.util.Optional;

/** A step did not succeed. Thrown by {@link StepResult#orThrow()} only. */
public final class StepFailedException extends WorkflowException {
    private static final long serialVersionUID = 1L;
    private static final int LINES = 20;

    private final transient Step step;
    private final transient StepOutcome outcome;
    private final transient List<String> output;

    StepFailedException(Step step, StepOutcome outcome, List<String> output) {
        super("complete the step", step.toString(), Optional.of("it " + outcome), lastLines(output), null);
        this.step = step;
        this.outcome = outcome;
        this.output = output;
    }

    /** The step. */
    public Step step() {
        return step;
    }

    /** How it ended. */
    public StepOutcome outcome() {
        return outcome;
    }

    /** Its last lines of output, as in {@link StepResult#output()}. Unmodifiable. */
    public List<String> output() {
        return output;
    }

    private static String lastLines(List<String> output) {
        if (output.isEmpty()) {
            return "It wrote no output.";
        }
        List<String> last = output.subList(Math.max(0, output.size() - LINES), output.size());
        return "The end of its output:\n" + String.join("\n", last);
    }
}
