package io.dockerworkflow;

import java.time.Duration;

/**
 * An event of a session, for its {@link WorkflowListener}. All events are immutable records.
 *
 * <p>This interface is sealed only against implementations outside this library. The list of events is open: a later
 * version may add kinds. Keep a default branch where you distinguish events, so that your code compiles and runs with later
 * versions.
 */
public sealed interface WorkflowEvent {

    /** The session in which it happened. */
    SessionId session();

    /**
     * The session can be used.
     *
     * @param session the session
     * @param mode its mode
     * @param took the time from the call of open until now
     */
    record SessionOpened(SessionId session, Mode mode, Duration took) implements WorkflowEvent {}

    /**
     * An image is being pulled, built or copied.
     *
     * @param session the session
     * @param image the image
     * @param text the engine's words, one line
     */
    record ImageProgress(SessionId session, String image, String text) implements WorkflowEvent {}

    /**
     * A step's container has started.
     *
     * @param session the session
     * @param step the step
     */
    record StepStarted(SessionId session, Step step) implements WorkflowEvent {}

    /**
     * A line of a step's output. A line of more than 64 KiB comes in pieces.
     *
     * @param session the session
     * @param step the step
     * @param stream the stream of the line
     * @param line the line without its end, secrets masked
     */
    record StepOutput(SessionId session, Step step, Stream stream, String line) implements WorkflowEvent {
        /** A step's output streams. */
        public enum Stream {
            /** Standard output. */
            STDOUT,
            /** Standard error. */
            STDERR
        }
    }

    /**
     * A step has ended. All events for its output came before.
     *
     * @param session the session
     * @param result the result of the step
     */
    record StepFinished(SessionId session, StepResult result) implements WorkflowEvent {}

    /**
     * A child has been created.
     *
     * @param session the session
     * @param child the child
     */
    record ChildCreated(SessionId session, Child child) implements WorkflowEvent {}

    /**
     * A child has been removed.
     *
     * @param session the session
     * @param child the child
     */
    record ChildRemoved(SessionId session, Child child) implements WorkflowEvent {}

    /**
     * The session has ended.
     *
     * @param session the session
     * @param report the report of the teardown
     */
    record SessionEnded(SessionId session, TeardownReport report) implements WorkflowEvent {}
}
