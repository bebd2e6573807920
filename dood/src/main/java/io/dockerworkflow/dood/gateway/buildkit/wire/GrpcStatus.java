package io.dockerworkflow.dood.gateway.buildkit.wire;

/** The gRPC status codes in use here. */
public enum GrpcStatus {
    OK(0),
    INVALID_ARGUMENT(3),
    NOT_FOUND(5),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14);

    private final int code;

    GrpcStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
