package io.dockerworkflow.spi;

import io.dockerworkflow.Child;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent.StepFinished;
import io.dockerworkflow.WorkflowEvent.StepOutput.Stream;
import io.dockerworkflow.WorkflowEvent.StepStarted;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.step.OutputFrames;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a step. A thread of its own does the work, so that an interrupt of the caller's closes no channel in the middle
 * of an exchange; the caller watches the clock.
 */
final class StepRun {
    private static final Logger LOG = LoggerFactory.getLogger(StepRun.class);
    private static final Duration GRACE = Duration.ofSeconds(3);
    /** How long an engine may take over ending a container before we say that it does not answer. */
    private static final Duration PATIENCE = GRACE.plusSeconds(30);

    private static final int KILLED = 128 + 9;

    private enum Phase {
        PULLING,
        PREPARING,
        RUNNING,
        OVER
    }

    private volatile StepCommand command;
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

    private void stop(StepContainer container) {
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
            came = run();
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

    private StepResult run() {
        try {
            new EngineImages(command.place().engine(), session.events()).ensure(command.image());
        } catch (RuntimeException e) {
            if (enter(Phase.PREPARING)) {
                throw e;
            }
        }
        if (!enter(Phase.PREPARING)) {
            return new StepResult(command.step(), ended().orElseThrow(), Duration.ZERO, List.of());
        }
        try {
            return runIn(create());
        } catch (EngineException e) {
            if (!LinkedMounts.areToBlame(e, command.place().binds())) {
                throw e;
            }
            // Nothing has run yet: files are put into a container before its start.
            command = command.withBinds(LinkedMounts.avoid(command.place().binds()));
            if (!enter(Phase.PREPARING)) {
                return new StepResult(command.step(), ended().orElseThrow(), Duration.ZERO, List.of());
            }
            return runIn(create());
        }
    }

    private StepResult runIn(StepContainer container) {
        try {
            return execute(container);
        } finally {
            enter(Phase.OVER);
            remove(container);
        }
    }

    private StepResult execute(StepContainer container) {
        StepOutputs outputs = new StepOutputs(command.step(), session.events());
        long begun = 0;
        try {
            StepPreparation preparation = new StepPreparation(command, container);
            preparation.run();
            try (RawConnection streams = container.attach(command.readsInput())) {
                begun = System.nanoTime();
                start(container, preparation);
                session.events().tell(new StepStarted(session.events().session(), command.step()));
                if (!running(container)) {
                    stop(container);
                }
                StepInput input = StepInput.pump(command.step().stdin(), streams, threadName + "-stdin");
                try {
                    OutputFrames.read(streams.input(), outputs.of(Stream.STDOUT), outputs.of(Stream.STDERR));
                } finally {
                    input.close();
                }
                container.awaitEnd();
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                return new StepResult(command.step(), outcome(container), took, outputs.tail());
            }
        } catch (IOException | RuntimeException e) {
            Optional<StepOutcome> ended = ended();
            if (ended.isPresent()) {
                // Ended from outside, its container perhaps removed: what we were doing may fail in any way.
                Duration took = begun == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - begun);
                return new StepResult(command.step(), ended.get(), took, outputs.tail());
            }
            throw e instanceof RuntimeException known
                    ? known
                    : StepContainer.failed("read the step's output", container.name(), e);
        }
    }

    private static void start(StepContainer container, StepPreparation preparation) {
        try {
            container.start();
        } catch (RuntimeException e) {
            throw preparation.blame(e);
        }
    }

    private StepOutcome outcome(StepContainer container) {
        StepContainer.End end = container.end();
        Optional<StepOutcome> ended = ended();
        if (ended.isPresent()) {
            return ended.get();
        }
        int code = end.code();
        // The flag alone would do for a process of many that the kernel ended, and the command went on without.
        if (code == KILLED && end.outOfMemory()) {
            return new StepOutcome.OutOfMemory();
        }
        return code > 128 && code <= 128 + 64 ? new StepOutcome.Signalled(code - 128) : new StepOutcome.Exited(code);
    }

    private StepContainer create() {
        while (true) {
            String name =
                    command.place().engineName().apply("step-" + session.steps().incrementAndGet());
            Optional<StepContainer> container = tracked() ? createTracked(name) : create(name);
            if (container.isPresent()) {
                return container.get();
            }
            // A client of the session has a container of that name: the next number may be free.
            LOG.debug("The name {} is in use", name);
        }
    }

    private Optional<StepContainer> createTracked(String name) {
        try (ResourceTracker.Birth birth = session.tracker().birth(new Child(Child.Kind.CONTAINER, name))) {
            Optional<StepContainer> container = create(name);
            container.ifPresent(made -> birth.born());
            return container;
        }
    }

    private Optional<StepContainer> create(String name) {
        return StepContainer.create(
                command.specification(), command.place().engine().api(), name);
    }

    private void remove(StepContainer container) {
        try {
            if (container.remove() && tracked()) {
                session.tracker().removed(new Child(Child.Kind.CONTAINER, container.name()));
            }
        } catch (RuntimeException e) {
            // A session that has ended meanwhile has removed the container and closed the connection.
            if (ended().isEmpty()) {
                LOG.warn("Could not remove {}; the session's teardown tries again", container.name(), e);
            }
        }
    }

    /** Whether we track the container; otherwise the endpoint does, as it does for all of its clients. */
    private boolean tracked() {
        return !command.place().isGateway();
    }

    /** Begins a phase, unless the run is to be ended: then false, and the phase does not matter any more. */
    private boolean enter(Phase next) {
        synchronized (lock) {
            phase = next;
            // Meant for the pull only.
            Thread.interrupted();
            return ending == null;
        }
    }

    /** The container runs: from now on it can be stopped, and its time counts. */
    private boolean running(StepContainer container) {
        synchronized (lock) {
            phase = Phase.RUNNING;
            started = container;
            command.step().timeout().ifPresent(limit -> limitAt = System.nanoTime() + limit.toNanos());
            lock.notifyAll();
            return ending == null;
        }
    }

    /** Why the run was ended, if it was; from now on it is too late for that. */
    private Optional<StepOutcome> ended() {
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
