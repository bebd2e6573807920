package io.dockerworkflow.dood.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;

/** A body that is collected. Most come in one piece, which is not copied again. */
final class BodyBytes {
    private byte[] first = new byte[0];
    private final ByteArrayOutputStream more = new ByteArrayOutputStream(0);

    /** Copies a piece. */
    void add(ByteBuf piece) {
        byte[] bytes = ByteBufUtil.getBytes(piece);
        if (first.length == 0) {
            first = bytes;
        } else {
            more.writeBytes(bytes);
        }
    }

    int size() {
        return first.length + more.size();
    }

    /** All of it. */
    byte[] toArray() {
        if (more.size() == 0) {
            return first;
        }
        byte[] all = new byte[size()];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more.toByteArray(), 0, all, first.length, more.size());
        return all;
    }
}
