package io.dockerworkflow.dood.policy;

/** A request body that the engine would not take, or would not read as we do; to be answered with its status and message. */
public final class MalformedBodyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    private MalformedBodyException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The engine would not take it either. */
    static MalformedBodyException invalid(String message) {
        return new MalformedBodyException(400, message);
    }

    /** The engine would take it, but of two values for one field it might take the one that was not looked at. */
    static MalformedBodyException ambiguous(String message) {
        return new MalformedBodyException(403, message);
    }

    /** The status to answer with: 400, or 403 for what the engine would take. */
    public int status() {
        return status;
    }
}
