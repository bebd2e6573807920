package io.dockerworkflow.dood.gateway.buildkit.wire;

import java.util.Objects;

/** A call is not relayed; its client gets this status and this message. */
public final class GrpcRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final GrpcStatus status;

    public GrpcRefusal(GrpcStatus status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /** What cannot be translated. */
    public static GrpcRefusal unsupported(String field, String reason) {
        return new GrpcRefusal(
                GrpcStatus.UNIMPLEMENTED, "docker-workflow cannot relay " + field + " to a shared engine: " + reason);
    }

    public GrpcStatus status() {
        return status;
    }

    /** The message, which is never missing. */
    public String reason() {
        return Objects.requireNonNull(getMessage());
    }
}
