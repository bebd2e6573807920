package io.dockerworkflow.internal.step;

import io.dockerworkflow.Step;
import io.dockerworkflow.WorkflowEvent.StepOutput;
import io.dockerworkflow.internal.children.SessionEvents;
import java.util.List;

/** Tells a step's output to the listener, line by line, and keeps its end. For one thread. */
final class StepOutputs {
    private static final int TAIL_LINES = 1000;
    private static final int TAIL_CHARACTERS = 1_000_000;
    private static final int LONGEST_LINE = 64 * 1024;

    private final OutputTail tail = new OutputTail(TAIL_LINES, TAIL_CHARACTERS);
    private final Step step;
    private final SessionEvents events;
    private final SecretMask mask;

    StepOutputs(Step step, SessionEvents events) {
        this.step = step;
        this.events = events;
        this.mask = new SecretMask(step.secrets().values());
    }

    LineSplitter of(StepOutput.Stream stream) {
        return new LineSplitter(mask, LONGEST_LINE, line -> {
            tail.add(line);
            events.tell(new StepOutput(events.session(), step, stream, line));
        });
    }

    List<String> tail() {
        return tail.lines();
    }
}
