package io.dockerworkflow.internal.step;

import io.dockerworkflow.Child;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent.StepOutput.Stream;
import io.dockerworkflow.WorkflowEvent.StepStarted;
import io.dockerworkflow.internal.engine.EngineImages;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.tracker.ResourceTracker;
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

    private final StepSession session;
    private final StepPhases phases;
    private final String threadName;
    private StepCommand command;

    /** @param phases are told how far the work is, and know whether it is to end */
    StepWork(StepCommand command, StepSession session, StepPhases phases, String threadName) {
        this.command = command;
        this.session = session;
        this.phases = phases;
        this.threadName = threadName;
    }

    /** Does it, and returns when the container is gone. */
    StepResult run() {
        Optional<RuntimeException> noImage = prepareImage();
        if (!phases.creating()) {
            return withoutStart();
        }
        if (noImage.isPresent()) {
            throw noImage.get();
        }
        try {
            return runIn(create());
        } catch (EngineException e) {
            if (!LinkedMounts.areToBlame(e, command.placement().binds())) {
                throw e;
            }
            // Nothing has run yet: files are put into a container before its start.
            command = command.withBinds(LinkedMounts.avoid(command.placement().binds()));
            if (!phases.creating()) {
                return withoutStart();
            }
            return runIn(create());
        }
    }

    /** Returns what went wrong: that counts only if the step was not ended meanwhile. */
    private Optional<RuntimeException> prepareImage() {
        if (phases.preparingImage()) {
            try {
                new EngineImages(command.placement().engine(), session.events()::tellImageProgress)
                        .ensure(command.image());
            } catch (RuntimeException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    private StepResult withoutStart() {
        return new StepResult(command.step(), phases.ending().orElseThrow(), Duration.ZERO, List.of());
    }

    private StepResult runIn(StepContainer container) {
        try {
            return execute(container);
        } finally {
            phases.removing();
            remove(container);
        }
    }

    private StepResult execute(StepContainer container) {
        StepOutputs outputs = new StepOutputs(command.step(), session.events());
        long begun = 0;
        try {
            phases.preparing();
            StepPreparation preparation = new StepPreparation(command, container);
            preparation.run();
            phases.starting();
            try (RawConnection streams = container.attach(command.readsInput())) {
                begun = System.nanoTime();
                start(container, preparation);
                session.events().tell(new StepStarted(session.events().session(), command.step()));
                if (!phases.running(() -> stop(container))) {
                    stop(container);
                }
                drain(streams, outputs);
                phases.drained();
                container.awaitEnd();
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                return new StepResult(command.step(), outcome(container), took, outputs.tail());
            }
        } catch (IOException | RuntimeException e) {
            Optional<StepOutcome> ended = phases.removing();
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

    private void drain(RawConnection streams, StepOutputs outputs) throws IOException {
        StepInput input = StepInput.pump(command.step().stdin(), streams, threadName + "-stdin");
        try {
            OutputFrames.read(streams.input(), outputs.of(Stream.STDOUT), outputs.of(Stream.STDERR));
        } finally {
            input.close();
        }
    }

    private static void stop(StepContainer container) {
        try {
            container.stop(StepPhases.GRACE);
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

    private StepOutcome outcome(StepContainer container) {
        StepContainer.End end = container.end();
        Optional<StepOutcome> ended = phases.removing();
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
            String name = command.placement()
                    .engineName()
                    .apply("step-" + session.steps().incrementAndGet());
            Optional<StepContainer> container = tracked() ? createTracked(name) : create(name);
            if (container.isPresent()) {
                return container.get();
            }
            // A client of the session has a container of that name: the next number may be free.
            LOG.debug("The name {} is in use", name);
        }
    }

    private Optional<StepContainer> createTracked(String name) {
        try (ResourceTracker.Announcement announcement =
                session.tracker().announce(new Child(Child.Kind.CONTAINER, name))) {
            Optional<StepContainer> container = create(name);
            container.ifPresent(made -> announcement.created());
            return container;
        }
    }

    private Optional<StepContainer> create(String name) {
        return StepContainer.create(
                command.specification(), command.placement().engine().api(), name);
    }

    private void remove(StepContainer container) {
        try {
            if (container.remove() && tracked()) {
                session.tracker().removed(new Child(Child.Kind.CONTAINER, container.name()));
            }
        } catch (RuntimeException e) {
            // A session that has ended meanwhile has removed the container and closed the connection.
            if (phases.ending().isEmpty()) {
                LOG.warn("Could not remove {}; the session's teardown tries again", container.name(), e);
            }
        }
    }

    /** Whether we track the container; otherwise the endpoint does, as it does for all of its clients. */
    private boolean tracked() {
        return !command.placement().isGateway();
    }
}
