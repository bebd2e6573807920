package io.dockerworkflow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The options of a session. Immutable: each method that sets an option returns a changed copy. Safe for use by several threads.
 */
public final class SessionOptions {
    private final Spec spec;

    private SessionOptions(Spec spec) {
        this.spec = spec;
    }

    /**
     * The defaults: the engine that the docker CLI would use, this process's environment, no workspace, no extra labels, no
     * listener, a teardown deadline of 60 seconds, a watchdog, no children kept, containers killed without a grace period.
     */
    public static SessionOptions defaults() {
        return new SessionOptions(new Spec());
    }

    /** Uses this engine instead of the one that the environment names. */
    public SessionOptions engine(Endpoint engine) {
        return with(spec -> spec.engine = Optional.of(engine));
    }

    /**
     * Reads variables such as {@code DOCKER_HOST}, {@code DOCKER_CONTEXT} and {@code HOME} from this map, not from the
     * process.
     */
    public SessionOptions environment(Map<String, String> environment) {
        return with(spec -> spec.environment = Map.copyOf(environment));
    }

    /**
     * Sets the directory that the build works in. Steps that name no workspace use it. The children's engine sees it at the
     * same path, so that {@code docker run -v $PWD:...} finds it in every mode.
     */
    public SessionOptions workspace(Path workspace) {
        return with(
                spec -> spec.workspace = Optional.of(workspace.toAbsolutePath().normalize()));
    }

    /** Adds a label to every child, for the operators of the engine: a job, a pod, a release. */
    public SessionOptions label(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(spec.labels);
        more.put(name, value);
        return with(spec -> spec.labels = Map.copyOf(more));
    }

    /** Sets the listener that receives the session's events. It replaces the one set before. */
    public SessionOptions listener(WorkflowListener listener) {
        return with(spec -> spec.listener = listener);
    }

    /**
     * Sets how long {@link WorkflowSession#close()} may take to remove the children.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SessionOptions teardownDeadline(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("A teardown deadline is longer than zero, not " + deadline);
        }
        return with(spec -> spec.teardownDeadline = deadline);
    }

    /**
     * Sets whether a small watchdog process watches this process. If this process is killed, the watchdog removes the
     * children at once. It uses the {@code java} that this process runs on. Without a watchdog, the next session that is
     * opened on the engine removes them.
     */
    public SessionOptions watchdog(boolean watchdog) {
        return with(spec -> spec.watchdog = watchdog);
    }

    /**
     * Keeps the children of a session for inspection, for this time, if a step failed. After that time, the next sweep removes
     * them; see {@link Sessions}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public SessionOptions keepOnFailure(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("Children are kept for zero or more seconds, not " + time);
        }
        return with(spec -> spec.keepOnFailure = time);
    }

    /**
     * Asks running containers to stop, and gives them this time before they are killed and removed. The time is part of the
     * teardown's deadline.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public SessionOptions stopGrace(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("Containers are given zero or more seconds to stop, not " + grace);
        }
        return with(spec -> spec.stopGrace = grace);
    }

    /** The engine to use; if empty, {@link #environment()} names it. */
    public Optional<Endpoint> engine() {
        return spec.engine;
    }

    /** The environment that the session reads. */
    public Map<String, String> environment() {
        return spec.environment;
    }

    /** The build's directory, absolute. */
    public Optional<Path> workspace() {
        return spec.workspace;
    }

    /** The extra labels of every child. */
    public Map<String, String> labels() {
        return spec.labels;
    }

    /** The listener that receives the session's events. */
    public WorkflowListener listener() {
        return spec.listener;
    }

    /** How long {@link WorkflowSession#close()} may take to remove the children. */
    public Duration teardownDeadline() {
        return spec.teardownDeadline;
    }

    /** Whether a watchdog process removes the children if this process dies. */
    public boolean watchdog() {
        return spec.watchdog;
    }

    /** How long the children of a session are kept if a step failed; zero if they are not kept. */
    public Duration keepOnFailure() {
        return spec.keepOnFailure;
    }

    /** How long containers may take to stop before they are killed; zero if they are killed at once. */
    public Duration stopGrace() {
        return spec.stopGrace;
    }

    private SessionOptions with(Consumer<Spec> change) {
        Spec changed = new Spec(spec);
        change.accept(changed);
        return new SessionOptions(changed);
    }

    /** The values. Changed only before they become part of options. */
    private static final class Spec {
        private Optional<Endpoint> engine = Optional.empty();
        private Map<String, String> environment = System.getenv();
        private Optional<Path> workspace = Optional.empty();
        private Map<String, String> labels = Map.of();
        private WorkflowListener listener = WorkflowListener.NONE;
        private Duration teardownDeadline = Duration.ofSeconds(60);
        private boolean watchdog = true;
        private Duration keepOnFailure = Duration.ZERO;
        private Duration stopGrace = Duration.ZERO;

        private Spec() {}

        private Spec(Spec other) {
            engine = other.engine;
            environment = other.environment;
            workspace = other.workspace;
            labels = other.labels;
            listener = other.listener;
            teardownDeadline = other.teardownDeadline;
            watchdog = other.watchdog;
            keepOnFailure = other.keepOnFailure;
            stopGrace = other.stopGrace;
        }
    }
}
