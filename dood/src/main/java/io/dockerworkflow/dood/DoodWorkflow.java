package io.dockerworkflow.dood;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.session.SessionScope;

/**
 * Docker out of Docker: gives each session a Docker endpoint of its own on the shared engine. Any Docker client of that
 * endpoint sees only what the session has made, under the names that it gave, and all of it is removed with the session.
 * Immutable; each method that sets something returns a changed copy. Safe for use by several threads.
 */
public final class DoodWorkflow implements DockerWorkflow {
    private final Owners owners = new Owners();
    private final DoodSettings settings;

    private DoodWorkflow(DoodSettings settings) {
        this.settings = settings;
    }

    /** The defaults: the {@linkplain SessionPolicy#guarded() guarded} policy, the engine's build cache and images. */
    public static DoodWorkflow create() {
        return new DoodWorkflow(DoodSettings.defaults());
    }

    /** What a session's clients may ask of the engine. */
    public DoodWorkflow policy(SessionPolicy policy) {
        return new DoodWorkflow(settings.policy(policy));
    }

    /** Which build cache the session's builds see. */
    public DoodWorkflow cache(CacheScope cache) {
        return new DoodWorkflow(settings.cache(cache));
    }

    /** Is told of each request that a session's gateway has finished. Without one, requests are neither timed nor counted. */
    public DoodWorkflow listener(GatewayListener listener) {
        return new DoodWorkflow(settings.listener(listener));
    }

    /** Which of the images that the engine has anyway the session's clients and steps can read. */
    public DoodWorkflow hostImages(HostImages images) {
        return new DoodWorkflow(settings.hostImages(images));
    }

    /**
     * Puts children, steps and the steps of builds into the cgroup of this process, or of the container that it runs in: its
     * limits hold for all of them together. Overrides what clients ask for. {@link #open} fails if that cgroup cannot be found
     * out, or the engine's driver could not use it.
     */
    public DoodWorkflow inOwnCgroup() {
        return new DoodWorkflow(settings.withOwnCgroup());
    }

    /**
     * Joins the container that this process runs in to each network that the session's clients make, so that it reaches
     * children on them by name. Clients do not see it there. {@link #open} fails if this process does not run in a container
     * of the engine, or in one that has no networks of its own.
     */
    public DoodWorkflow joinNetworks() {
        return new DoodWorkflow(settings.joiningNetworks());
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
            return scope.opened(GatewaySession.start(scope, settings));
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
