package io.dockerworkflow.dood.policy;

import io.dockerworkflow.dood.policy.Schema.Struct;

/** The kinds of request bodies that the gateway reads. */
public enum RequestKind {
    /** {@code POST /containers/create}. */
    CONTAINER_CREATE(Schemas.CONTAINER_CREATE),
    /** {@code POST /containers/{id}/update}. */
    CONTAINER_UPDATE(Schemas.CONTAINER_UPDATE),
    /** {@code POST /containers/{id}/exec}. */
    EXEC_CREATE(Schemas.EXEC_CREATE),
    /** {@code POST /exec/{id}/start}. */
    EXEC_START(Schemas.EXEC_START),
    /** {@code POST /networks/create}. */
    NETWORK_CREATE(Schemas.NETWORK_CREATE),
    /** {@code POST /networks/{id}/connect}. */
    NETWORK_CONNECT(Schemas.NETWORK_CONNECT),
    /** {@code POST /networks/{id}/disconnect}. */
    NETWORK_DISCONNECT(Schemas.NETWORK_DISCONNECT),
    /** {@code POST /volumes/create}. */
    VOLUME_CREATE(Schemas.VOLUME_CREATE),
    /** {@code POST /commit}. */
    COMMIT(Schemas.COMMIT);

    private final Struct shape;

    RequestKind(Struct shape) {
        this.shape = shape;
    }

    Struct shape() {
        return shape;
    }
}
