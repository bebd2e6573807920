package io.dockerworkflow.internal.step;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.internal.engine.DaemonThread;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The phases of one run of a step. The thread that does the {@linkplain StepWork work} begins each with a method of its own;
 * the caller waits for the last one and watches the clock meanwhile; anybody may end the run, which means something else in
 * each phase. Safe for use by several threads.
 */
final class StepPhases {
    /** How long a container may take over SIGTERM. */
    static final Duration GRACE = Duration.ofSeconds(3);
    /** How long an engine may take over ending a container before we say that it does not answer. */
    private static final Duration PATIENCE = GRACE.plusSeconds(30);

    private enum Phase {
        NEW,
        /** An end interrupts the worker, which pulls. */
        PREPARING_IMAGE,
        /** From here until the container runs, an end is noted; the worker acts on it when it can. */
        CREATING,
        PREPARING,
        STARTING,
        /** An end stops the container. The step's time counts. */
        RUNNING,
        /** As before; all output has been read. */
        DRAINED,
        /** What came of the step is settled: it is too late to end it. */
        REMOVING,
        FINISHED
    }

    private final Step step;
    private final String threadName;

    private final Object lock = new Object();
    private Phase phase = Phase.NEW;
    private @Nullable Thread puller;
    private @Nullable Runnable stop;
    private @Nullable StepOutcome ending;
    private @Nullable Long limitAt;
    private @Nullable Long giveUpAt;
    private @Nullable StepResult result;
    private @Nullable Throwable failure;

    /**
     * A run that has not begun.
     *
     * @param threadName the worker's; the thread that stops the container has a similar one
     */
    StepPhases(Step step, String threadName) {
        this.step = step;
        this.threadName = threadName;
    }

    /** The worker looks for the image; an interrupt ends that. False if the run is to be ended instead. */
    boolean preparingImage() {
        synchronized (lock) {
            phase = Phase.PREPARING_IMAGE;
            puller = Thread.currentThread();
            return ending == null;
        }
    }

    /** The worker creates a container, the first or another. False if the run is to be ended instead. */
    boolean creating() {
        synchronized (lock) {
            phase = Phase.CREATING;
            forgetInterrupt();
            return ending == null;
        }
    }

    /** The worker puts files into the container. */
    void preparing() {
        enter(Phase.PREPARING);
    }

    /** The worker attaches to the container and starts it. */
    void starting() {
        enter(Phase.STARTING);
    }

    /**
     * The container runs: from now on it can be stopped, and its time counts.
     *
     * @param stopping stops the container
     * @return false if the worker has to stop it, because the run was ended before
     */
    boolean running(Runnable stopping) {
        synchronized (lock) {
            phase = Phase.RUNNING;
            stop = stopping;
            step.timeout().ifPresent(limit -> limitAt = System.nanoTime() + limit.toNanos());
            lock.notifyAll();
            return ending == null;
        }
    }

    /** All output has come; the container's end is waited for. */
    void drained() {
        enter(Phase.DRAINED);
    }

    /** It is settled what comes of the step, and the container is removed: returns why the run was ended, if it was. */
    Optional<StepOutcome> removing() {
        synchronized (lock) {
            phase = Phase.REMOVING;
            // The clock has no more say; it would hold the lock, being late for ever.
            limitAt = null;
            forgetInterrupt();
            lock.notifyAll();
            return Optional.ofNullable(ending);
        }
    }

    /** The run has come to its end with a result. */
    void finished(StepResult came) {
        synchronized (lock) {
            phase = Phase.FINISHED;
            result = came;
            lock.notifyAll();
        }
    }

    /** The run has come to its end without a result. */
    void failed(Throwable why) {
        synchronized (lock) {
            phase = Phase.FINISHED;
            failure = why;
            lock.notifyAll();
        }
    }

    /** Why the run was ended, if it was. */
    Optional<StepOutcome> ending() {
        synchronized (lock) {
            return Optional.ofNullable(ending);
        }
    }

    /** Ends the run, whatever it is doing; the first reason counts. */
    void end(StepOutcome why) {
        synchronized (lock) {
            if (ending != null || phase == Phase.REMOVING || phase == Phase.FINISHED) {
                return;
            }
            ending = why;
            giveUpAt = System.nanoTime() + PATIENCE.toNanos();
            if (phase == Phase.PREPARING_IMAGE) {
                Objects.requireNonNull(puller).interrupt();
            } else if (phase == Phase.RUNNING || phase == Phase.DRAINED) {
                DaemonThread.start(threadName + "-end", Objects.requireNonNull(stop));
            }
            lock.notifyAll();
        }
    }

    /**
     * Waits for the run's end, and ends it when the step's time is up.
     *
     * @return the result; if the run failed, its failure is thrown
     * @throws EngineException if the run was ended, and patience with that is at an end
     */
    StepResult awaitFinished() throws InterruptedException {
        synchronized (lock) {
            while (phase != Phase.FINISHED) {
                awaitNext();
            }
            if (failure instanceof RuntimeException known) {
                throw known;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            return Objects.requireNonNull(result);
        }
    }

    /** Waits for whatever comes next: the run's end, the step's limit, the end of patience, or something new to wait for. */
    @SuppressWarnings("WaitNotInLoop") // the caller loops
    private void awaitNext() throws InterruptedException {
        Long next = ending == null ? limitAt : giveUpAt;
        if (next == null) {
            lock.wait();
            return;
        }
        long millis = (next - System.nanoTime() + 999_999) / 1_000_000;
        if (millis > 0) {
            lock.wait(millis);
        } else if (ending == null) {
            end(new StepOutcome.TimedOut(step.timeout().orElseThrow()));
        } else {
            throw new EngineException(
                    "end a step",
                    step.toString(),
                    Optional.of("its container has not ended within " + PATIENCE.toSeconds() + " s"),
                    "See whether the engine still answers, and whether a listener does not return",
                    null);
        }
    }

    private void enter(Phase next) {
        synchronized (lock) {
            phase = next;
        }
    }

    /** An interrupt is meant for the image only, and must not disturb what comes after it. */
    @SuppressWarnings("ResultOfMethodCallIgnored")
    private static void forgetInterrupt() {
        Thread.interrupted();
    }
}
