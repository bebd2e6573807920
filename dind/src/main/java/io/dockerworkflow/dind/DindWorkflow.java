package io.dockerworkflow.dind;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.session.SessionScope;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Docker in Docker: gives each session a Docker daemon of its own, in a container on the engine, reached through a private Unix
 * socket, and removed with all that it holds. Immutable; each method that sets something returns a changed copy. Safe for use
 * by several threads.
 */
public final class DindWorkflow implements DockerWorkflow {
    private final Owners owners = new Owners();
    private final DindSettings settings;

    private DindWorkflow(DindSettings settings) {
        this.settings = settings;
    }

    /** The defaults: image {@code docker:dind}, no seeds, {@linkplain Rights#RESTRICTED restricted rights}, ready in 60 seconds. */
    public static DindWorkflow create() {
        return new DindWorkflow(DindSettings.DEFAULTS);
    }

    /** Runs the daemon in this image. It needs {@code dockerd} and a shell; its entrypoint is not used. */
    public DindWorkflow image(String image) {
        return new DindWorkflow(settings.image(image));
    }

    /** Copies these images too from the outer engine into the daemon before the session is handed out. Pulls those it lacks. */
    public DindWorkflow seed(String... images) {
        return new DindWorkflow(settings.seeds(
                Stream.concat(settings.seeds().stream(), Stream.of(images)).toList()));
    }

    /**
     * Keeps the daemon's images in a volume of the outer engine from one session to the next: pulled, built and seeded images
     * are there at once the next time. One session at a time uses a cache. Containers, networks and volumes do not outlive the
     * session. The volume {@code dw-cache-NAME} stays until somebody removes it. Use one cache for one trust: who can fill it
     * decides what the next session runs.
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
     * Runs the daemon with {@link Rights#ROOTLESS}: the strongest separation, with fewer features. Uses the image {@code
     * docker:dind-rootless} unless {@link #image} names another.
     */
    public DindWorkflow rootless() {
        return new DindWorkflow(settings.rights(Rights.ROOTLESS));
    }

    /** Consents to {@link Rights#PRIVILEGED}: whoever uses the session's Docker can become root on the machine. */
    public DindWorkflow privileged() {
        return new DindWorkflow(settings.rights(Rights.PRIVILEGED));
    }

    /**
     * How long the daemon may take, from the start of its container, until it answers.
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
     * Opens a session, whose daemon answers and holds the seeds. You own it: close it, and daemon and children are gone.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, or it is not reached through a Unix socket of this
     *     machine, or the daemon does not start: with its last words and what to do
     * @throws io.dockerworkflow.ImageNotFoundException if the daemon's image or a seed is neither there nor to be pulled
     * @throws io.dockerworkflow.WorkflowException if the session cannot be opened otherwise; what was made by then is undone
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
