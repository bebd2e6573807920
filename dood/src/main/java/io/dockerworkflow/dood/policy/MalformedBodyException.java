package io.dockerworkflow.dood.policy;

/** A request body that the engine would not take, or would not read as we do; to be answered with 400 and its message. */
public final class MalformedBodyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedBodyException(String message) {
        super(message);
    }
}
