package io.dockerworkflow.internal.step;

import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.internal.children.SessionEvents;
import io.dockerworkflow.internal.host.HostPaths;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs steps, each in a container of its own. Safe for use by several threads. */
public final class StepRunner {
    private final StepSession session;
    private final HostPaths hostPaths;
    private final Object lock = new Object();
    private final Set<StepRun> running = new LinkedHashSet<>();
    private boolean closed;

    /**
     * Runs the steps of a session.
     *
     * @param hostPaths what the engine calls this process's paths
     * @param workspace the workspace of steps that name none
     */
    public StepRunner(SessionEvents events, ResourceTracker tracker, HostPaths hostPaths, Optional<Path> workspace) {
        this.hostPaths = hostPaths;
        this.session = new StepSession(events, tracker, workspace, new AtomicInteger());
    }

    /** Runs the step in that placement and waits for its end. */
    public StepResult run(Step step, StepPlacement placement) {
        StepRun run = new StepRun(StepCommand.of(step, placement, session.workspace(), hostPaths), session);
        synchronized (lock) {
            if (closed) {
                throw new SessionClosedException(
                        "run a step",
                        "session " + session.events().session(),
                        Optional.of("the session has ended"),
                        "Open another session, or close this one later",
                        null);
            }
            running.add(run);
        }
        try {
            return run.toItsEnd();
        } finally {
            synchronized (lock) {
                running.remove(run);
                lock.notifyAll();
            }
        }
    }

    /** Ends what runs; its outcome is then Cancelled. */
    public void cancel() {
        List<StepRun> now;
        synchronized (lock) {
            now = List.copyOf(running);
        }
        now.forEach(run -> run.end(new StepOutcome.Cancelled()));
    }

    /**
     * Takes no more steps, cancels those that run, and waits until they have ended.
     *
     * @param limit how long to wait at most; a step whose listener has called this does not end before
     */
    public void close(Duration limit) {
        synchronized (lock) {
            closed = true;
        }
        cancel();
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        synchronized (lock) {
            for (long left = limit.toMillis();
                    left > 0 && !running.isEmpty();
                    left = (end - System.nanoTime()) / 1_000_000) {
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
