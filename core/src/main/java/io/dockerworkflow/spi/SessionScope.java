package io.dockerworkflow.spi;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowException;
import java.time.Duration;

/**
 * What a session of any mode consists of, and its life from open to close. A mode's session delegates to it. Safe for use by
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
    // FIELDS AND BODIES: the lifetimes slice

    private SessionScope() {}

    /**
     * Connects to the engine and begins a session.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, or it is not usable
     */
    public static SessionScope open(Mode mode, SessionOptions options) {
        throw new UnsupportedOperationException();
    }

    /** The session's id. */
    public SessionId id() {
        throw new UnsupportedOperationException();
    }

    /** The session's mode. */
    public Mode mode() {
        throw new UnsupportedOperationException();
    }

    /** The options with which it was opened. */
    public SessionOptions options() {
        throw new UnsupportedOperationException();
    }

    /** The engine on which the session's children are. */
    public EngineConnection engine() {
        throw new UnsupportedOperationException();
    }

    /** The session's names and labels on that engine. */
    public SessionNames names() {
        throw new UnsupportedOperationException();
    }

    /** The session's tracker. */
    public ResourceTracker tracker() {
        throw new UnsupportedOperationException();
    }

    /** The session's events. */
    public SessionEvents events() {
        throw new UnsupportedOperationException();
    }

    /** A directory of the session's own, mode 0700, with a path short enough for sockets in it; deleted at the session's end. */
    public java.nio.file.Path directory() {
        throw new UnsupportedOperationException();
    }

    /** Closes the resource when the session has ended and its children are removed; the last one owned is closed first. */
    public <T extends AutoCloseable> T own(T resource) {
        throw new UnsupportedOperationException();
    }

    /** Ends the opening: tells the listener that the session can be used, and returns its argument. */
    public <S> S opened(S session) {
        throw new UnsupportedOperationException();
    }

    /** Undoes a failed opening and returns what to throw: the failure, with any failure of the undoing suppressed onto it. */
    public WorkflowException undo(Throwable failure) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks that the session is open.
     *
     * @param operation what is about to be done, as "run a step"
     * @throws SessionClosedException if it is not
     */
    public void requireOpen(String operation) {
        throw new UnsupportedOperationException();
    }

    /** See {@link io.dockerworkflow.WorkflowSession#run(Step)}. */
    public StepResult run(Step step, StepPlace place) {
        throw new UnsupportedOperationException();
    }

    /** See {@link io.dockerworkflow.WorkflowSession#cancel()}. */
    public void cancel() {
        throw new UnsupportedOperationException();
    }

    /** See {@link io.dockerworkflow.WorkflowSession#teardown(Duration)}. */
    public TeardownReport teardown(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    /** See {@link io.dockerworkflow.WorkflowSession#close()}. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
