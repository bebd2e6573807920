package io.dockerworkflow.dood.gateway;

/** An answer of the engine's error shape: a status and a message. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean refusal;

    ApiException(int status, String message) {
        this(status, message, false);
    }

    private ApiException(int status, String message, boolean refusal) {
        super(message, null, false, false);
        this.status = status;
        this.refusal = refusal;
    }

    int status() {
        return status;
    }

    /** Whether it is the policy's. */
    boolean isRefusal() {
        return refusal;
    }

    /** The message, never null. */
    String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, message);
    }

    static ApiException forbidden(String message) {
        return new ApiException(403, message);
    }

    /** The policy refuses. */
    static ApiException refused(String message) {
        return new ApiException(403, message, true);
    }

    static ApiException notFound(String message) {
        return new ApiException(404, message);
    }
}
