package io.dockerworkflow;

/**
 * One way of using Docker from inside a build. A workflow holds settings only: no connection, thread or container exists
 * until {@link #open}. Safe for use by several threads.
 *
 * <p>The sessions of one workflow share one owner for each engine: a lifeline container and a watchdog process. A program that
 * opens many sessions should keep its workflow.
 */
public interface DockerWorkflow {

    /** The mode of this workflow. */
    Mode mode();

    /**
     * Opens a session. You own it and must close it; closing it removes every child.
     *
     * @throws EngineException if no engine answers, or the engine refuses
     * @throws WorkflowException if the session cannot be opened; everything that it had created is removed
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
