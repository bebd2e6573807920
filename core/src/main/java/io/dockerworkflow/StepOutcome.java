package io.dockerworkflow;

import java.time.Duration;

/** How a step ended. Sealed: these are all outcomes. */
public sealed interface StepOutcome {

    /**
     * The command ended by itself. As in a shell, 127 means that the image has no such command, and 126 that the command
     * cannot be executed. The output says so too.
     *
     * @param code its exit code, 0 to 255
     */
    record Exited(int code) implements StepOutcome {
        @Override
        public String toString() {
            return "exited with code " + code;
        }
    }

    /**
     * A signal ended the command. An exit code above 128 is read as a signal, as a shell does. A command that itself exits with
     * such a code also has this outcome.
     *
     * @param number the signal's number
     */
    record Signalled(int number) implements StepOutcome {
        @Override
        public String toString() {
            return "was ended by signal " + number;
        }
    }

    /** The kernel ended the command because its container's memory limit was reached. */
    record OutOfMemory() implements StepOutcome {
        @Override
        public String toString() {
            return "was ended for lack of memory";
        }
    }

    /**
     * The step's time was up.
     *
     * @param limit {@link Step#timeout()}
     */
    record TimedOut(Duration limit) implements StepOutcome {
        @Override
        public String toString() {
            return "was ended after its time limit of " + limit.toMillis() / 1000.0 + " s";
        }
    }

    /** The session was cancelled or closed, or the thread that ran the step was interrupted. */
    record Cancelled() implements StepOutcome {
        @Override
        public String toString() {
            return "was cancelled";
        }
    }
}
