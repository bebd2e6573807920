package io.dockerworkflow.spi;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent.StepFinished;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a step, as those see it who wait for it or end it. A thread of its own does the {@linkplain StepWork work}, so that
 * an interrupt of the caller's closes no channel in the middle of an exchange; the caller watches the clock.
 */
final class StepRun {
    private static final Logger LOG = LoggerFactory.getLogger(StepRun.class);
    private static final Duration GRACE = Duration.ofSeconds(3);
    /** How long an engine may take over ending a container before we say that it does not answer. */
    private static final Duration PATIENCE = GRACE.plusSeconds(30);

    /** What the work is at. */
    enum Phase {
        PULLING,
        PREPARING,
        RUNNING,
        OVER
    }

    private final StepCommand command;
    private final StepRunner.Session session;
    private final String threadName;
    private final Thread worker;

    private final Object lock = new Object();
    private Phase phase = Phase.PULLING;
    private boolean finished;
    private @Nullable StepOutcome ending;
    private @Nullable StepContainer started;
    private @Nullable Long limitAt;
    private @Nullable Long giveUpAt;
    private @Nullable StepResult result;
    private @Nullable Throwable failure;

    StepRun(StepCommand command, StepRunner.Session session) {
        this.command = command;
        this.session = session;
        this.threadName = "dw-" + session.events().session() + "-step";
        this.worker = daemon(threadName, this::work);
    }

    /** Runs the step and waits for its end. An interrupt ends the step, and stays pending. */
    StepResult toItsEnd() {
        worker.start();
        boolean interrupted = false;
        try {
            synchronized (lock) {
                while (!finished) {
                    try {
                        awaitNext();
                    } catch (InterruptedException e) {
                        interrupted = true;
                        end(new StepOutcome.Cancelled());
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (failure instanceof RuntimeException known) {
            throw known;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return Objects.requireNonNull(result);
    }

    /** Ends the run, whatever it is doing; the first reason counts. */
    void end(StepOutcome why) {
        synchronized (lock) {
            if (ending != null || phase == Phase.OVER) {
                return;
            }
            ending = why;
            giveUpAt = System.nanoTime() + PATIENCE.toNanos();
            if (phase == Phase.PULLING) {
                worker.interrupt();
            } else if (started != null) {
                StepContainer container = started;
                daemon(threadName + "-end", () -> stop(container)).start();
            }
            lock.notifyAll();
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
            end(new StepOutcome.TimedOut(command.step().timeout().orElseThrow()));
        } else {
            throw new EngineException(
                    "end a step",
                    command.step().toString(),
                    Optional.of("its container has not ended within " + PATIENCE.toSeconds() + " s"),
                    "See whether the engine still answers, and whether a listener does not return",
                    null);
        }
    }

    void stop(StepContainer container) {
        try {
            container.stop(GRACE);
        } catch (RuntimeException e) {
            LOG.warn("Could not stop {}; it is removed by force", container.name(), e);
            removeByForce(container);
        }
    }

    private static void removeByForce(StepContainer container) {
        try {
            container.remove();
        } catch (RuntimeException e) {
            LOG.warn("Could not remove {}", container.name(), e);
        }
    }

    private void work() {
        StepResult came = null;
        Throwable failed = null;
        try {
            came = new StepWork(command, session, this, threadName).run();
            session.events().tell(new StepFinished(session.events().session(), came));
        } catch (RuntimeException | Error e) {
            failed = e;
        }
        synchronized (lock) {
            result = came;
            failure = failed;
            finished = true;
            lock.notifyAll();
        }
    }

    /** Begins a phase, unless the run is to be ended: then false, and the phase does not matter any more. */
    boolean enter(Phase next) {
        synchronized (lock) {
            phase = next;
            // Meant for the pull only.
            Thread.interrupted();
            return ending == null;
        }
    }

    /** The container runs: from now on it can be stopped, and its time counts. */
    boolean running(StepContainer container) {
        synchronized (lock) {
            phase = Phase.RUNNING;
            started = container;
            command.step().timeout().ifPresent(limit -> limitAt = System.nanoTime() + limit.toNanos());
            lock.notifyAll();
            return ending == null;
        }
    }

    /** Why the run was ended, if it was; from now on it is too late for that. */
    Optional<StepOutcome> ended() {
        synchronized (lock) {
            phase = Phase.OVER;
            return Optional.ofNullable(ending);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
