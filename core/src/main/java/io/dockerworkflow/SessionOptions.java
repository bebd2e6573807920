package io.dockerworkflow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How to open a session. Immutable; each method that sets something returns a changed copy. */
public final class SessionOptions {
    private final Spec spec;

    private SessionOptions(Spec spec) {
        this.spec = spec;
    }

    /**
     * The defaults: the engine that the docker CLI would use, this process's environment, no workspace, no extra labels, no
     * listener, a teardown deadline of 60 seconds, a watchdog, nothing kept, containers killed at once.
     */
    public static SessionOptions defaults() {
        return new SessionOptions(new Spec());
    }

    /** Uses this engine, instead of looking for one in the environment. */
    public SessionOptions engine(Endpoint engine) {
        return with(spec -> spec.engine = Optional.of(engine));
    }

    /** Reads {@code DOCKER_HOST}, {@code DOCKER_CONTEXT}, {@code HOME} and the like from this map, not from the process. */
    public SessionOptions environment(Map<String, String> environment) {
        return with(spec -> spec.environment = Map.copyOf(environment));
    }

    /**
     * The directory that the build works in: the workspace of steps that name none, and visible at the same path to the
     * children's engine, so that {@code docker run -v $PWD:...} finds it in every mode.
     */
    public SessionOptions workspace(Path workspace) {
        return with(
                spec -> spec.workspace = Optional.of(workspace.toAbsolutePath().normalize()));
    }

    /** Adds a label to every child, for those who operate the engine (a job, a pod, a release). */
    public SessionOptions label(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(spec.labels);
        more.put(name, value);
        return with(spec -> spec.labels = Map.copyOf(more));
    }

    /** Tells this listener, instead of the one set before, what happens in the session. */
    public SessionOptions listener(WorkflowListener listener) {
        return with(spec -> spec.listener = listener);
    }

    /**
     * How long {@link WorkflowSession#close()} may take to remove the children.
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
     * Whether a small process watches over this one and, should it be killed, removes the children at once, with the {@code java}
     * that this one runs on. Without it, the next session that is opened on the engine does.
     */
    public SessionOptions watchdog(boolean watchdog) {
        return with(spec -> spec.watchdog = watchdog);
    }

    /**
     * Keeps the children of a session in which a step failed, for inspection, for this time. After it, the next sweep removes
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
     * Asks running containers to stop, and gives them this time for it, before they are killed and removed. Within the
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

    /** The engine to use; empty: look for it in {@link #environment()}. */
    public Optional<Endpoint> engine() {
        return spec.engine;
    }

    /** The environment that is read in place of the process's. */
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

    /** Who is told what happens. */
    public WorkflowListener listener() {
        return spec.listener;
    }

    /** How long {@link WorkflowSession#close()} may take to remove the children. */
    public Duration teardownDeadline() {
        return spec.teardownDeadline;
    }

    /** Whether a watchdog process removes the children should this process die. */
    public boolean watchdog() {
        return spec.watchdog;
    }

    /** How long the children of a session whose step failed are kept; zero: not at all. */
    public Duration keepOnFailure() {
        return spec.keepOnFailure;
    }

    /** How long containers may take to stop before they are killed; zero: they are killed at once. */
    public Duration stopGrace() {
        return spec.stopGrace;
    }

    private SessionOptions with(Consumer<Spec> change) {
        Spec changed = new Spec(spec);
        change.accept(changed);
        return new SessionOptions(changed);
    }

    /** What is set. Changed only before it is part of options. */
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
