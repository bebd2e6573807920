package io.dockerworkflow.dood.gateway.protocol;

/** An answer of the engine's error shape: a status and a message. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean refusal;

    public ApiException(int status, String message) {
        this(status, message, false);
    }

    private ApiException(int status, String message, boolean refusal) {
        super(message, null, false, false);
        this.status = status;
        this.refusal = refusal;
    }

    public int status() {
        return status;
    }

    /** Whether it is the policy's. */
    public boolean isRefusal() {
        return refusal;
    }

    /** The message, never null. */
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    public static ApiException badRequest(String message) {
        return new ApiException(400, message);
    }

    public static ApiException forbidden(String message) {
        return new ApiException(403, message);
    }

    /** The policy refuses. */
    public static ApiException refused(String message) {
        return new ApiException(403, message, true);
    }

    public static ApiException notFound(String message) {
        return new ApiException(404, message);
    }
}
