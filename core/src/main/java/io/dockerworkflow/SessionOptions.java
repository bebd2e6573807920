package io.dockerworkflow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How to open a session. Immutable; each method that sets something returns a changed copy. */
public final class SessionOptions {
    private final Optional<Endpoint> engine;
    private final Map<String, String> environment;
    private final Optional<Path> workspace;
    private final Map<String, String> labels;
    private final WorkflowListener listener;
    private final Duration teardownDeadline;

    private SessionOptions(
            Optional<Endpoint> engine,
            Map<String, String> environment,
            Optional<Path> workspace,
            Map<String, String> labels,
            WorkflowListener listener,
            Duration teardownDeadline) {
        this.engine = engine;
        this.environment = Map.copyOf(environment);
        this.workspace = workspace;
        this.labels = Map.copyOf(labels);
        this.listener = listener;
        this.teardownDeadline = teardownDeadline;
    }

    /**
     * The defaults: the engine that the docker CLI would use, this process's environment, no workspace, no extra labels, no
     * listener, a teardown deadline of 60 seconds.
     */
    public static SessionOptions defaults() {
        return new SessionOptions(
                Optional.empty(),
                System.getenv(),
                Optional.empty(),
                Map.of(),
                WorkflowListener.NONE,
                Duration.ofSeconds(60));
    }

    /** Uses this engine, instead of looking for one in the environment. */
    public SessionOptions engine(Endpoint engine) {
        return new SessionOptions(Optional.of(engine), environment, workspace, labels, listener, teardownDeadline);
    }

    /** Reads {@code DOCKER_HOST}, {@code DOCKER_CONTEXT}, {@code HOME} and the like from this map, not from the process. */
    public SessionOptions environment(Map<String, String> environment) {
        return new SessionOptions(engine, environment, workspace, labels, listener, teardownDeadline);
    }

    /**
     * The directory that the build works in: the workspace of steps that name none, and visible at the same path to the
     * children's engine, so that {@code docker run -v $PWD:...} finds it in every mode.
     */
    public SessionOptions workspace(Path workspace) {
        return new SessionOptions(
                engine,
                environment,
                Optional.of(workspace.toAbsolutePath().normalize()),
                labels,
                listener,
                teardownDeadline);
    }

    /** Adds a label to every child, for those who operate the engine (a job, a pod, a release). */
    public SessionOptions label(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(name, value);
        return new SessionOptions(engine, environment, workspace, more, listener, teardownDeadline);
    }

    /** Tells this listener, instead of the one set before, what happens in the session. */
    public SessionOptions listener(WorkflowListener listener) {
        return new SessionOptions(engine, environment, workspace, labels, listener, teardownDeadline);
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
        return new SessionOptions(engine, environment, workspace, labels, listener, deadline);
    }

    /** The engine to use; empty: look for it in {@link #environment()}. */
    public Optional<Endpoint> engine() {
        return engine;
    }

    /** The environment that is read in place of the process's. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The build's directory, absolute. */
    public Optional<Path> workspace() {
        return workspace;
    }

    /** The extra labels of every child. */
    public Map<String, String> labels() {
        return labels;
    }

    /** Who is told what happens. */
    public WorkflowListener listener() {
        return listener;
    }

    /** How long {@link WorkflowSession#close()} may take to remove the children. */
    public Duration teardownDeadline() {
        return teardownDeadline;
    }
}
