package io.dockerworkflow.dood.gateway.buildkit;

/** A call is not relayed; its client gets this status and this message. */
final class GrpcRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final GrpcStatus status;

    GrpcRefusal(GrpcStatus status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** What cannot be translated. */
    static GrpcRefusal unsupported(String field, String reason) {
        return new GrpcRefusal(
                GrpcStatus.UNIMPLEMENTED, "docker-workflow cannot relay " + field + " to a shared engine: " + reason);
    }

    GrpcStatus status() {
        return status;
    }
}
