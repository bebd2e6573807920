package io.dockerworkflow.dood.policy;

import io.dockerworkflow.dood.policy.Shape.Struct;

/** The kinds of request bodies that the gateway reads. */
public enum Body {
    /** {@code POST /containers/create}. */
    CONTAINER_CREATE(Shapes.CONTAINER_CREATE),
    /** {@code POST /containers/{id}/update}. */
    CONTAINER_UPDATE(Shapes.CONTAINER_UPDATE),
    /** {@code POST /containers/{id}/exec}. */
    EXEC_CREATE(Shapes.EXEC_CREATE),
    /** {@code POST /exec/{id}/start}. */
    EXEC_START(Shapes.EXEC_START),
    /** {@code POST /networks/create}. */
    NETWORK_CREATE(Shapes.NETWORK_CREATE),
    /** {@code POST /networks/{id}/connect}. */
    NETWORK_CONNECT(Shapes.NETWORK_CONNECT),
    /** {@code POST /networks/{id}/disconnect}. */
    NETWORK_DISCONNECT(Shapes.NETWORK_DISCONNECT),
    /** {@code POST /volumes/create}. */
    VOLUME_CREATE(Shapes.VOLUME_CREATE),
    /** {@code POST /commit}. */
    COMMIT(Shapes.COMMIT);

    private final Struct shape;

    Body(Struct shape) {
        this.shape = shape;
    }

    Struct shape() {
        return shape;
    }
}
