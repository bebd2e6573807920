package io.dockerworkflow.spi;

import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;

/** Runs steps, each in a container of its own. Safe for use by several threads. */
final class StepRunner {
    private final SessionEvents events;

    StepRunner(SessionEvents events) {
        this.events = events;
    }

    /** Runs the step in that place and waits for its end. */
    StepResult run(Step step, StepPlace place) {
        throw new UnsupportedOperationException("written by the steps slice for session " + events.session());
    }

    /** Ends what runs; its outcome is then Cancelled. */
    void cancel() {
        // Nothing runs as long as run() is not written.
    }
}
