package io.dockerworkflow.dood;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.spi.Owners;
import io.dockerworkflow.spi.SessionScope;
import java.util.Optional;

/**
 * Docker out of Docker: gives each session a Docker endpoint of its own on the shared engine. Any Docker client of that
 * endpoint sees only what the session has made, under the names that it gave, and all of it is removed with the session.
 * Immutable; each method that sets something returns a changed copy. Safe for use by several threads.
 */
public final class DoodWorkflow implements DockerWorkflow {
    private final Owners owners = new Owners();
    private final SessionPolicy policy;
    private final CacheScope cache;
    private final Optional<GatewayListener> listener;

    private DoodWorkflow(SessionPolicy policy, CacheScope cache, Optional<GatewayListener> listener) {
        this.policy = policy;
        this.cache = cache;
        this.listener = listener;
    }

    /** The defaults: the {@linkplain SessionPolicy#guarded() guarded} policy, the engine's build cache. */
    public static DoodWorkflow create() {
        return new DoodWorkflow(SessionPolicy.guarded(), CacheScope.SHARED, Optional.empty());
    }

    /** What a session's clients may ask of the engine. */
    public DoodWorkflow policy(SessionPolicy policy) {
        return new DoodWorkflow(policy, cache, listener);
    }

    /** Which build cache the session's builds see. */
    public DoodWorkflow cache(CacheScope cache) {
        return new DoodWorkflow(policy, cache, listener);
    }

    /** Is told of each request that a session's gateway has finished. Without one, requests are neither timed nor counted. */
    public DoodWorkflow listener(GatewayListener listener) {
        return new DoodWorkflow(policy, cache, Optional.of(listener));
    }

    @Override
    public Mode mode() {
        return Mode.DOOD;
    }

    /**
     * Opens a session. You own it: close it, and every child is gone.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, or it is not usable
     * @throws io.dockerworkflow.WorkflowException if the session cannot be opened otherwise; what was made by then is undone
     */
    @Override
    public DoodSession open(SessionOptions options) {
        SessionScope scope = SessionScope.open(owners, Mode.DOOD, options);
        try {
            return scope.opened(GatewaySession.start(scope, policy, cache, listener));
        } catch (RuntimeException | Error e) {
            throw scope.undo(e);
        }
    }

    /**
     * Opens a session with {@linkplain SessionOptions#defaults() default options}.
     *
     * @throws io.dockerworkflow.WorkflowException as {@link #open(SessionOptions)}
     */
    @Override
    public DoodSession open() {
        return open(SessionOptions.defaults());
    }
}
