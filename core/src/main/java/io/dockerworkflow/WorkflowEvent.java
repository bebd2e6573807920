package io.dockerworkflow;

import java.time.Duration;

/** What happens in a session, as told to a {@link WorkflowListener}. More kinds may come: keep a default branch. */
public sealed interface WorkflowEvent {

    /** The session in which it happened. */
    SessionId session();

    /**
     * The session can be used.
     *
     * @param session the session
     * @param mode its mode
     * @param took from the call of open until now
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
     * A step's container runs.
     *
     * @param session the session
     * @param step the step
     */
    record StepStarted(SessionId session, Step step) implements WorkflowEvent {}

    /**
     * A line of a step's output. Lines of more than 64 KiB come in pieces.
     *
     * @param session the session
     * @param step the step
     * @param stream which stream
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
     * A step has ended, and all of its output has been told.
     *
     * @param session the session
     * @param result what came of it
     */
    record StepFinished(SessionId session, StepResult result) implements WorkflowEvent {}

    /**
     * A child has come to be.
     *
     * @param session the session
     * @param child the child
     */
    record ChildCreated(SessionId session, Child child) implements WorkflowEvent {}

    /**
     * A child is gone.
     *
     * @param session the session
     * @param child the child
     */
    record ChildRemoved(SessionId session, Child child) implements WorkflowEvent {}

    /**
     * The session has ended.
     *
     * @param session the session
     * @param report what the teardown did
     */
    record SessionEnded(SessionId session, TeardownReport report) implements WorkflowEvent {}
}
