package io.dockerworkflow.spi;

import io.dockerworkflow.Child;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent.StepOutput.Stream;
import io.dockerworkflow.WorkflowEvent.StepStarted;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.step.OutputFrames;
import io.dockerworkflow.spi.StepRun.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a step's thread does: image, container, preparation, start, output, end, removal. One use by one thread. */
final class StepWork {
    private static final Logger LOG = LoggerFactory.getLogger(StepWork.class);
    private static final int KILLED = 128 + 9;

    private final StepRunner.Session session;
    private final StepRun run;
    private final String threadName;
    private StepCommand command;

    /** @param run is told how far the work is, and knows whether it is to end */
    StepWork(StepCommand command, StepRunner.Session session, StepRun run, String threadName) {
        this.command = command;
        this.session = session;
        this.run = run;
        this.threadName = threadName;
    }

    /** Does it, and returns when the container is gone. */
    StepResult run() {
        try {
            new EngineImages(command.place().engine(), session.events()::tellImageProgress).ensure(command.image());
        } catch (RuntimeException e) {
            if (run.enter(Phase.PREPARING)) {
                throw e;
            }
        }
        if (!run.enter(Phase.PREPARING)) {
            return new StepResult(command.step(), run.ended().orElseThrow(), Duration.ZERO, List.of());
        }
        try {
            return runIn(create());
        } catch (EngineException e) {
            if (!LinkedMounts.areToBlame(e, command.place().binds())) {
                throw e;
            }
            // Nothing has run yet: files are put into a container before its start.
            command = command.withBinds(LinkedMounts.avoid(command.place().binds()));
            if (!run.enter(Phase.PREPARING)) {
                return new StepResult(command.step(), run.ended().orElseThrow(), Duration.ZERO, List.of());
            }
            return runIn(create());
        }
    }

    private StepResult runIn(StepContainer container) {
        try {
            return execute(container);
        } finally {
            run.enter(Phase.OVER);
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
                if (!run.running(container)) {
                    run.stop(container);
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
            Optional<StepOutcome> ended = run.ended();
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
        Optional<StepOutcome> ended = run.ended();
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
            if (run.ended().isEmpty()) {
                LOG.warn("Could not remove {}; the session's teardown tries again", container.name(), e);
            }
        }
    }

    /** Whether we track the container; otherwise the endpoint does, as it does for all of its clients. */
    private boolean tracked() {
        return !command.place().isGateway();
    }
}
