package io.dockerworkflow.internal.session;

import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownException;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowEvent.SessionEnded;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.children.SessionEvents;
import io.dockerworkflow.internal.children.UnfinishedStepNotes;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.owner.Owner;
import io.dockerworkflow.internal.step.StepRunner;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a session ends, once and whoever asks first: steps, children, its own resources. Everybody who asks waits for it; what
 * failed is told to the first. Safe for use by several threads.
 */
final class SessionEnding {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEnding.class);
    /** How long the teardown waits for steps that it has cancelled: their grace and a little more. */
    private static final Duration STEPS_END = Duration.ofSeconds(5);

    private final AtomicBoolean usable = new AtomicBoolean();
    private final AtomicBoolean stepFailed = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private final SessionOptions options;
    private final StepRunner runner;
    private final ResourceTracker tracker;
    private final Owner owner;
    private final EngineConnection engine;
    private final OwnedResources resources;
    private final Path directory;
    private final SessionEvents events;
    private final OnlyOnce<Ending> ending;

    /**
     * The ending of a session that has not begun to end.
     *
     * @param resources are closed when the children are gone
     * @param directory the session's, which its owner watches
     */
    SessionEnding(
            SessionOptions options,
            StepRunner runner,
            ResourceTracker tracker,
            Owner owner,
            EngineConnection engine,
            OwnedResources resources,
            Path directory,
            SessionEvents events) {
        this.options = options;
        this.runner = runner;
        this.tracker = tracker;
        this.owner = owner;
        this.engine = engine;
        this.resources = resources;
        this.directory = directory;
        this.events = events;
        this.ending = new OnlyOnce<>("dw-" + events.session() + "-teardown");
    }

    /** What a teardown came to. */
    private record Ending(TeardownReport report, Optional<WorkflowException> failure) {}

    /** The listener has been told that the session is open, and is told of its end. */
    void noteOpened() {
        usable.set(true);
    }

    /** A step has failed, so that the children may be to be kept. */
    void noteStepFailure() {
        stepFailed.set(true);
    }

    /** Whether it has begun. */
    boolean begun() {
        return ending.begun();
    }

    /** See {@link io.dockerworkflow.WorkflowSession#teardown(Duration)}. */
    TeardownReport teardown(Duration deadline) {
        Ending end = ending.get(() -> end(deadline));
        if (told.compareAndSet(false, true) && end.failure().isPresent()) {
            throw end.failure().get();
        }
        return end.report();
    }

    /** See {@link io.dockerworkflow.WorkflowSession#close()}. */
    void close() {
        if (ending.isDoneHere()) {
            return;
        }
        Ending end = ending.get(() -> end(options.teardownDeadline()));
        if (!told.compareAndSet(false, true)) {
            return;
        }
        if (!end.report().complete()) {
            TeardownException survivors = new TeardownException(events.session(), end.report());
            end.failure().ifPresent(survivors::addSuppressed);
            throw survivors;
        }
        if (end.failure().isPresent()) {
            throw end.failure().get();
        }
    }

    private Ending end(Duration deadline) {
        Throwable failure = null;
        try {
            runner.close(deadline.compareTo(STEPS_END) < 0 ? deadline : STEPS_END);
        } catch (RuntimeException e) {
            failure = e;
        }
        // The last session's owner declares itself dead already: that takes time, and what remains is anyone's to
        // remove.
        resources.addLast(owner.leave());
        TeardownReport report = leaveNothing(deadline);
        if (report.complete()) {
            // An engine in trouble would be asked beyond the deadline.
            UnfinishedStepNotes.removeSteps(engine, directory);
        }
        Optional<Throwable> closing = resources.closeAll();
        owner.unwatch(directory);
        if (failure == null) {
            failure = closing.orElse(null);
        } else {
            closing.ifPresent(failure::addSuppressed);
        }
        if (usable.get()) {
            events.tell(new SessionEnded(events.session(), report));
        }
        return new Ending(report, Optional.ofNullable(failure).map(this::closingFailed));
    }

    /** Nothing, or what was asked for. */
    private TeardownReport leaveNothing(Duration deadline) {
        if (stepFailed.get() && !options.keepOnFailure().isZero()) {
            try {
                return tracker.keepAll(deadline, options.keepOnFailure());
            } catch (RefusedException | UncheckedIOException e) {
                LOG.warn("The children of session {} cannot be marked as kept, and are removed", events.session(), e);
            }
        }
        return tracker.removeAll(deadline, options.stopGrace());
    }

    private WorkflowException closingFailed(Throwable failure) {
        return new WorkflowException(
                "close every part of the session",
                "session " + events.session(),
                Optional.of(String.valueOf(failure)),
                "Its children on the engine were attended to all the same; the cause says more",
                failure);
    }
}
