package io.dockerworkflow;

/**
 * Is told what happens in a session. Called on the session's own threads, one call at a time for each step, possibly several
 * at a time for a session; a slow listener slows the step. What it throws is logged and breaks nothing.
 */
@FunctionalInterface
public interface WorkflowListener {
    /** Listens to nothing. */
    WorkflowListener NONE = event -> {};

    /** Something happened. */
    void on(WorkflowEvent event);
}
