package io.dockerworkflow.internal.step;

import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent.StepFinished;
import io.dockerworkflow.internal.engine.DaemonThread;

/**
 * One run of a step, as those see it who wait for it or end it. A thread of its own does the {@linkplain StepWork work}, so that
 * an interrupt of the caller's closes no channel in the middle of an exchange.
 */
final class StepRun {
    private final StepCommand command;
    private final StepSession session;
    private final String threadName;
    private final StepPhases phases;

    StepRun(StepCommand command, StepSession session) {
        this.command = command;
        this.session = session;
        this.threadName = "dw-" + session.events().session() + "-step";
        this.phases = new StepPhases(command.step(), threadName);
    }

    /** Runs the step and waits for its end. An interrupt ends the step, and stays pending. */
    StepResult toItsEnd() {
        DaemonThread.start(threadName, this::work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return phases.awaitFinished();
                } catch (InterruptedException e) {
                    interrupted = true;
                    end(new StepOutcome.Cancelled());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the run, whatever it is doing; the first reason counts. */
    void end(StepOutcome why) {
        phases.end(why);
    }

    private void work() {
        try {
            StepResult result = new StepWork(command, session, phases, threadName).run();
            session.events().tell(new StepFinished(session.events().session(), result));
            phases.finished(result);
        } catch (RuntimeException | Error e) {
            phases.failed(e);
        }
    }
}
