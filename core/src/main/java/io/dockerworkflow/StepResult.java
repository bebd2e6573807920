package io.dockerworkflow;

import java.time.Duration;
import java.util.List;

/**
 * The result of a step. Immutable.
 *
 * @param step the step
 * @param outcome how it ended
 * @param took the time from the start of its container to its end; zero if it was cancelled before
 * @param output its last lines of output, both streams in the order of arrival, secrets masked; at most 1,000 lines and a
 *     million characters
 */
public record StepResult(Step step, StepOutcome outcome, Duration took, List<String> output) {

    /** Copies the output. */
    public StepResult {
        output = List.copyOf(output);
    }

    /** Whether the command exited with code 0. */
    public boolean succeeded() {
        return exitCode() == 0;
    }

    /**
     * The exit code as a shell would report it: 128 plus the signal's number if a signal ended the command, 137 if it ran
     * out of memory, 124 on timeout, 130 if cancelled.
     */
    public int exitCode() {
        if (outcome instanceof StepOutcome.Exited exited) {
            return exited.code();
        }
        if (outcome instanceof StepOutcome.Signalled signalled) {
            return 128 + signalled.number();
        }
        if (outcome instanceof StepOutcome.OutOfMemory) {
            return 137;
        }
        return outcome instanceof StepOutcome.TimedOut ? 124 : 130;
    }

    /**
     * Returns this result if the step succeeded.
     *
     * @throws StepFailedException otherwise; its message ends with the last lines of output
     */
    public StepResult orThrow() {
        if (!succeeded()) {
            throw new StepFailedException(step, outcome, output);
        }
        return this;
    }
}
