package io.dockerworkflow;

/**
 * One way of using Docker from inside a build. Holds settings only: no connection, thread or container exists until
 * {@link #open}. Safe for use by several threads.
 */
public interface DockerWorkflow {

    /** Which of the three ways this is. */
    Mode mode();

    /**
     * Opens a session. You own it: close it, and every child is gone.
     *
     * @throws EngineException if no engine answers, or it refuses
     * @throws WorkflowException if the session cannot be opened; what it had made by then is undone
     */
    WorkflowSession open(SessionOptions options);

    /**
     * Opens a session with {@linkplain SessionOptions#defaults() default options}.
     *
     * @throws WorkflowException as {@link #open(SessionOptions)}
     */
    default WorkflowSession open() {
        return open(SessionOptions.defaults());
    }
}
