package io.dockerworkflow.examples.cli;

import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ChildCreated;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowEvent.SessionEnded;
import io.dockerworkflow.WorkflowEvent.SessionOpened;
import io.dockerworkflow.WorkflowEvent.StepFinished;
import io.dockerworkflow.WorkflowEvent.StepOutput;
import io.dockerworkflow.WorkflowListener;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;

/** Passes a step's output on, stream by stream, and tells on standard error what else happens. */
final class EventPrinter implements WorkflowListener {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean verbose;

    EventPrinter(CommandLine command, boolean verbose) {
        this.out = command.getOut();
        this.err = command.getErr();
        this.verbose = verbose;
    }

    @Override
    public void on(WorkflowEvent event) {
        if (event instanceof StepOutput output) {
            (output.stream() == StepOutput.Stream.STDOUT ? out : err).println(output.line());
        } else if (event instanceof ImageProgress progress) {
            say(progress.image() + ": " + progress.text());
        } else if (event instanceof StepFinished finished
                && !(finished.result().outcome() instanceof StepOutcome.Exited)) {
            say("the step " + finished.result().outcome());
        } else if (event instanceof SessionEnded ended
                && ended.report().advice().isPresent()) {
            say(ended.report().advice().get());
        } else if (verbose) {
            tell(event);
        }
    }

    private void tell(WorkflowEvent event) {
        if (event instanceof SessionOpened opened) {
            say("session " + opened.session() + " of mode " + opened.mode().id() + " is open after "
                    + seconds(opened.took()));
        } else if (event instanceof ChildCreated created) {
            say("made " + created.child());
        } else if (event instanceof SessionEnded ended) {
            say("session " + ended.session() + " ended in "
                    + seconds(ended.report().took()) + ": removed "
                    + ended.report().removed().size() + ", left "
                    + ended.report().survivors().size());
        }
    }

    private void say(String text) {
        err.println("docker-workflow: " + text);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
