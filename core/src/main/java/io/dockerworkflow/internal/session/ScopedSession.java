package io.dockerworkflow.internal.session;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowSession;
import java.time.Duration;

/** What the sessions of all modes have in common, as their scope has it. Safe for use by several threads. */
public abstract class ScopedSession implements WorkflowSession {
    private final SessionScope scope;

    /** A session of that scope, whose life it shares. */
    protected ScopedSession(SessionScope scope) {
        this.scope = scope;
    }

    /** The session's scope. */
    protected final SessionScope scope() {
        return scope;
    }

    @Override
    public final SessionId id() {
        return scope.id();
    }

    @Override
    public final Mode mode() {
        return scope.mode();
    }

    @Override
    public void cancel() {
        scope.cancel();
    }

    @Override
    public TeardownReport teardown(Duration deadline) {
        return scope.teardown(deadline);
    }

    @Override
    public void close() {
        scope.close();
    }
}
