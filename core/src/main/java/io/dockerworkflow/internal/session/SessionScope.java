package io.dockerworkflow.internal.session;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowEvent.SessionOpened;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.children.SessionEvents;
import io.dockerworkflow.internal.children.SessionNames;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.host.HostPaths;
import io.dockerworkflow.internal.owner.Owner;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.step.StepPlacement;
import io.dockerworkflow.internal.step.StepRunner;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a session of any mode consists of, and its life from open to close. A mode's session is a {@link ScopedSession} of it. Safe for use by
 * several threads.
 *
 * <p>A mode opens like this, so that a failed open undoes what it had made:
 *
 * <pre>{@code
 * SessionScope scope = SessionScope.open(Mode.DOOD, options);
 * try {
 *     Gateway gateway = scope.own(Gateway.start(scope));
 *     ...
 *     return scope.opened(new DoodSession(scope, gateway));
 * } catch (RuntimeException | Error e) {
 *     throw scope.undo(e);
 * }
 * }</pre>
 */
public final class SessionScope {
    private final long begun = System.nanoTime();
    private final OwnedResources resources = new OwnedResources();
    private final SessionOptions options;
    private final SessionNames names;
    private final EngineConnection engine;
    private final HostPaths hostPaths;
    private final Owner owner;
    private final SessionEvents events;
    private final ResourceTracker tracker;
    private final StepRunner runner;
    private final Path directory;
    private final SessionEnding ending;

    private SessionScope(
            SessionOptions options,
            SessionNames names,
            EngineConnection engine,
            HostPaths hostPaths,
            Owner owner,
            SessionDirectory directory) {
        this.options = options;
        this.names = names;
        this.engine = engine;
        this.hostPaths = hostPaths;
        this.owner = owner;
        this.directory = directory.path();
        this.events = new SessionEvents(names.session(), options.listener());
        this.tracker = new ResourceTracker(engine, names, events, owner);
        this.runner = new StepRunner(events, tracker, hostPaths, options.workspace());
        resources.add(directory);
        resources.add(engine);
        this.ending = new SessionEnding(options, runner, tracker, owner, engine, resources, directory.path(), events);
    }

    /**
     * Connects to the engine and begins a session, with an owner of its own.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, or it is not usable
     */
    public static SessionScope open(Mode mode, SessionOptions options) {
        return open(new Owners(), mode, options);
    }

    /**
     * Connects to the engine and begins a session.
     *
     * @param owners gives the session its owner: the one of the other sessions that were opened with it and are open
     * @throws io.dockerworkflow.EngineException if no engine answers, or it is not usable
     */
    public static SessionScope open(Owners owners, Mode mode, SessionOptions options) {
        OwnedResources made = new OwnedResources();
        try {
            EngineConnection engine = EngineConnection.open(options);
            made.add(engine);
            HostPaths hostPaths = HostPaths.of(engine);
            Owner owner = owners.join(engine, hostPaths, options);
            made.add(() -> owner.leave().close());
            SessionNames names = new SessionNames(SessionId.random(), mode, owner.id(), options.labels());
            SessionDirectory directory = SessionDirectory.create(names.session(), options.environment(), hostPaths);
            owner.watch(directory.path());
            return new SessionScope(options, names, engine, hostPaths, owner, directory);
        } catch (RuntimeException | Error e) {
            made.closeAll().ifPresent(e::addSuppressed);
            throw e;
        }
    }

    /** The session's id. */
    public SessionId id() {
        return names.session();
    }

    /** The session's mode. */
    public Mode mode() {
        return names.mode();
    }

    /** The options with which it was opened. */
    public SessionOptions options() {
        return options;
    }

    /** The engine on which the session's children are. */
    public EngineConnection engine() {
        return engine;
    }

    /** What the engine's host calls this process's paths. */
    public HostPaths hostPaths() {
        return hostPaths;
    }

    /** The session's names and labels on that engine. */
    public SessionNames names() {
        return names;
    }

    /** The session's tracker. */
    public ResourceTracker tracker() {
        return tracker;
    }

    /** The session's events. */
    public SessionEvents events() {
        return events;
    }

    /** A directory of the session's own, mode 0700, with a path short enough for sockets in it; deleted at the session's end. */
    public Path directory() {
        return directory;
    }

    /**
     * Closes the resource when the session has ended and its children are removed; the last one owned is closed first.
     *
     * @throws SessionClosedException if the session has ended already; the resource is closed
     */
    public <T extends AutoCloseable> T own(T resource) {
        if (!resources.add(resource)) {
            SessionClosedException closed = closed("open a part of the session");
            try {
                resource.close();
            } catch (Exception e) {
                closed.addSuppressed(e);
            }
            throw closed;
        }
        return resource;
    }

    /**
     * Ends the opening: tells the listener that the session can be used, and returns its argument.
     *
     * @throws EngineException if the session's owner cannot show that it is alive
     */
    public <S> S opened(S session) {
        owner.awaitAlive();
        ending.noteOpened();
        events.tell(new SessionOpened(id(), mode(), Duration.ofNanos(System.nanoTime() - begun)));
        return session;
    }

    /**
     * Undoes a failed opening and returns what to throw: the failure, with any failure of the undoing suppressed onto it. An
     * {@link Error} is thrown from here.
     */
    public WorkflowException undo(Throwable failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof WorkflowException known) {
            return known;
        }
        return new EngineException(
                "open a session",
                mode().id() + " on " + engine.endpoint().dockerHost(),
                Optional.of(String.valueOf(failure.getMessage())),
                "The cause says more, and so may the engine's log",
                failure);
    }

    /**
     * Checks that the session is open.
     *
     * @param operation what is about to be done, as "run a step"
     * @throws SessionClosedException if it is not
     */
    public void requireOpen(String operation) {
        if (ending.begun()) {
            throw closed(operation);
        }
    }

    private SessionClosedException closed(String operation) {
        return new SessionClosedException(
                operation,
                "session " + id(),
                Optional.of("the session has ended"),
                "Open another session, or close this one later",
                null);
    }

    /** See {@link io.dockerworkflow.WorkflowSession#run(Step)}. */
    public StepResult run(Step step, StepPlacement placement) {
        requireOpen("run a step");
        StepResult result = runner.run(step, placement);
        if (!result.succeeded()) {
            ending.noteStepFailure();
        }
        return result;
    }

    /** See {@link io.dockerworkflow.WorkflowSession#cancel()}. */
    public void cancel() {
        runner.cancel();
    }

    /** See {@link io.dockerworkflow.WorkflowSession#teardown(Duration)}. */
    public TeardownReport teardown(Duration deadline) {
        return ending.teardown(deadline);
    }

    /** See {@link io.dockerworkflow.WorkflowSession#close()}. */
    public void close() {
        ending.close();
    }
}
