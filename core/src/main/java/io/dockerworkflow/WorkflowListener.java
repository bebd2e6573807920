package io.dockerworkflow;

/**
 * Receives the events of a session. The session calls it on its own threads: one call at a time for each step, possibly several
 * at a time for the session. A slow listener slows the step. Exceptions that it throws are logged and break nothing.
 */
@FunctionalInterface
public interface WorkflowListener {
    /** Ignores all events. */
    WorkflowListener NONE = event -> {};

    /** Receives an event. */
    void on(WorkflowEvent event);
}
