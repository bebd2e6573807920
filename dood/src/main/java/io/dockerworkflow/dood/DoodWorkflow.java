package io.dockerworkflow.dood;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.session.SessionScope;

/**
 * Docker out of Docker: each session gets a Docker endpoint of its own on the shared engine. Any Docker client of that
 * endpoint sees only the session's own containers, networks and volumes, under the names that it gave them. The session's
 * end removes all of them. Immutable: each method that sets an option returns a changed copy. Safe for use by several
 * threads.
 */
public final class DoodWorkflow implements DockerWorkflow {
    private final Owners owners = new Owners();
    private final DoodSettings settings;

    private DoodWorkflow(DoodSettings settings) {
        this.settings = settings;
    }

    /** The defaults: the {@linkplain SessionPolicy#guarded() guarded} policy, the engine's build cache, all of its images. */
    public static DoodWorkflow create() {
        return new DoodWorkflow(DoodSettings.defaults());
    }

    /** Sets what a session's clients may request from the engine. */
    public DoodWorkflow policy(SessionPolicy policy) {
        return new DoodWorkflow(settings.policy(policy));
    }

    /** Sets the build cache that the session's builds use. */
    public DoodWorkflow cache(CacheScope cache) {
        return new DoodWorkflow(settings.cache(cache));
    }

    /** Sets the listener for finished requests of a session's gateway. Without one, requests are neither timed nor counted. */
    public DoodWorkflow listener(GatewayListener listener) {
        return new DoodWorkflow(settings.listener(listener));
    }

    /** Sets which images of the host the session's clients and steps can read. */
    public DoodWorkflow hostImages(HostImages images) {
        return new DoodWorkflow(settings.hostImages(images));
    }

    /**
     * Puts children, steps and the steps of builds into the cgroup of this process, or of the container that it runs in.
     * The limits of that cgroup apply to all of them together. This overrides a cgroup that a client names. {@link #open}
     * fails if the cgroup cannot be determined, or if the engine's driver cannot use it.
     */
    public DoodWorkflow inOwnCgroup() {
        return new DoodWorkflow(settings.withOwnCgroup());
    }

    /**
     * Joins the container that this process runs in to each network that the session's clients create. This process then
     * reaches children on these networks by name. Clients do not see the container there. {@link #open} fails if this
     * process does not run in a container of the engine, or if that container has no networks of its own.
     */
    public DoodWorkflow joinNetworks() {
        return new DoodWorkflow(settings.joiningNetworks());
    }

    @Override
    public Mode mode() {
        return Mode.DOOD;
    }

    /**
     * Opens a session. You own it and must close it; closing it removes every child.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, or the engine is not usable
     * @throws io.dockerworkflow.WorkflowException if the session cannot be opened for another reason; everything that was
     *     created is removed
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
