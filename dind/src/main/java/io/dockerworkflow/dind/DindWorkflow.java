package io.dockerworkflow.dind;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.session.SessionScope;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Docker in Docker: each session gets a Docker daemon of its own, in a container on the engine. Clients reach it through a
 * private Unix socket. The session's end removes the daemon with everything that it holds. Immutable: each method that sets
 * an option returns a changed copy. Safe for use by several threads.
 */
public final class DindWorkflow implements DockerWorkflow {
    private final Owners owners = new Owners();
    private final DindSettings settings;

    private DindWorkflow(DindSettings settings) {
        this.settings = settings;
    }

    /**
     * The defaults: image {@code docker:dind}, no seeds, {@linkplain Rights#RESTRICTED restricted rights}, ready in 60
     * seconds.
     */
    public static DindWorkflow create() {
        return new DindWorkflow(DindSettings.DEFAULTS);
    }

    /** Runs the daemon in this image. It needs {@code dockerd} and a shell; its entrypoint is not used. */
    public DindWorkflow image(String image) {
        return new DindWorkflow(settings.image(image));
    }

    /**
     * Adds images that are copied from the outer engine into the daemon before {@link #open} returns. The outer engine
     * pulls those that it lacks.
     */
    public DindWorkflow seed(String... images) {
        return new DindWorkflow(settings.seeds(
                Stream.concat(settings.seeds().stream(), Stream.of(images)).toList()));
    }

    /**
     * Keeps the daemon's images in a volume of the outer engine from one session to the next. The next session has the
     * pulled, built and seeded images at once. One session at a time uses a cache. Containers, networks and volumes do not
     * outlive the session. The volume {@code dw-cache-NAME} stays until somebody removes it. Share a cache only among
     * sessions that trust each other: a session that fills it decides what the next one runs.
     *
     * @param name letters, digits, dots, dashes and underscores, 60 at most
     * @throws IllegalArgumentException if the name has another form
     */
    public DindWorkflow cache(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")) {
            throw new IllegalArgumentException(
                    "A cache's name is up to 60 letters, digits, dots, dashes and underscores, "
                            + "beginning with a letter or digit, not \"" + name + "\"");
        }
        return new DindWorkflow(settings.cache(name));
    }

    /**
     * Runs the daemon with {@link Rights#ROOTLESS}. This is the strongest separation, with fewer features. The daemon runs
     * in the image {@code docker:dind-rootless} unless {@link #image} names another.
     */
    public DindWorkflow rootless() {
        return new DindWorkflow(settings.rights(Rights.ROOTLESS));
    }

    /** Consents to {@link Rights#PRIVILEGED}: every user of the session's Docker can become root on the machine. */
    public DindWorkflow privileged() {
        return new DindWorkflow(settings.rights(Rights.PRIVILEGED));
    }

    /**
     * Sets how long the daemon may take to answer, from the start of its container.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public DindWorkflow startDeadline(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("A start deadline is longer than zero, not " + deadline);
        }
        return new DindWorkflow(settings.startDeadline(deadline));
    }

    @Override
    public Mode mode() {
        return Mode.DIND;
    }

    /**
     * Opens a session. When this method returns, the daemon answers and holds the seeds. You own the session and must close
     * it; closing it removes the daemon and every child.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, if the engine is not reached through a Unix socket of
     *     this machine, or if the daemon does not start; the message then contains the daemon's last words and a remedy
     * @throws io.dockerworkflow.ImageNotFoundException if the daemon's image or a seed is not on the engine, and the engine
     *     cannot pull it
     * @throws io.dockerworkflow.WorkflowException if the session cannot be opened for another reason; everything that was
     *     created is removed
     */
    @Override
    public DindSession open(SessionOptions options) {
        SessionScope scope = SessionScope.open(owners, Mode.DIND, options);
        try {
            return scope.opened(DaemonSession.start(scope, settings));
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
    public DindSession open() {
        return open(SessionOptions.defaults());
    }
}
