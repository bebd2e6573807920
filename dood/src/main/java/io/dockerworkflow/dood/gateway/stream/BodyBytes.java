package io.dockerworkflow.dood.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;

/** A body that is collected. Most come in one piece, which is not copied again. */
public final class BodyBytes {
    private byte[] first = new byte[0];
    /** Empty as long as there is one piece. */
    private final ByteArrayOutputStream all = new ByteArrayOutputStream(0);

    /** Copies a piece. */
    public void add(ByteBuf piece) {
        byte[] bytes = ByteBufUtil.getBytes(piece);
        if (first.length == 0) {
            first = bytes;
        } else {
            if (all.size() == 0) {
                all.writeBytes(first);
            }
            all.writeBytes(bytes);
        }
    }

    public int size() {
        return Math.max(first.length, all.size());
    }

    /** All of it. */
    public byte[] toArray() {
        return all.size() == 0 ? first : all.toByteArray();
    }
}
