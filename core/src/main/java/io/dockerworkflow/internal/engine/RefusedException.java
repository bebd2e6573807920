package io.dockerworkflow.internal.engine;

/** The engine answered with an error. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** An answer of this status, in the engine's words. */
    public RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
