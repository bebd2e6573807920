package io.dockerworkflow.dood.gateway;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Changes a stream of bytes as its pieces come. One stream, one use. */
interface ByteTransform {

    /**
     * Takes a piece.
     *
     * @param piece released by the transform, or passed on
     * @param out takes what can be sent now, and owns it
     */
    void feed(ByteBuf piece, Consumer<ByteBuf> out);

    /** The stream has ended: passes on what is left. */
    void end(Consumer<ByteBuf> out);
}
