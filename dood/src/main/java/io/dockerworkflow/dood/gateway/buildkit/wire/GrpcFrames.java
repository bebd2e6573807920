package io.dockerworkflow.dood.gateway.buildkit.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Cuts the bytes of one direction of a call into messages. Not safe for use by several threads. */
public final class GrpcFrames {
    private static final int HEAD = 5;

    /** BuildKit's own limit for one message is 16 MiB. */
    private static final int MAX_MESSAGE = 64 * 1024 * 1024;

    private final ByteBuf pending = Unpooled.buffer();

    /**
     * Takes bytes, which stay the caller's, and returns the messages that are complete.
     *
     * @throws GrpcRefusal if a message is compressed or too long
     */
    public List<byte[]> take(ByteBuf bytes) {
        pending.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        List<byte[]> messages = new ArrayList<>();
        while (pending.readableBytes() >= HEAD) {
            int start = pending.readerIndex();
            if (pending.getByte(start) != 0) {
                throw GrpcRefusal.unsupported("a compressed gRPC message", "only identity encoding is understood");
            }
            long length = pending.getUnsignedInt(start + 1);
            if (length > MAX_MESSAGE) {
                throw new GrpcRefusal(
                        GrpcStatus.RESOURCE_EXHAUSTED,
                        "A message of " + length + " bytes is longer than the " + MAX_MESSAGE + " that are relayed");
            }
            if (pending.readableBytes() < HEAD + length) {
                break;
            }
            pending.skipBytes(HEAD);
            byte[] message = new byte[(int) length];
            pending.readBytes(message);
            messages.add(message);
        }
        pending.discardSomeReadBytes();
        return messages;
    }

    /** Whether a message has begun and not ended. */
    public boolean isPartial() {
        return pending.isReadable();
    }

    public static ByteBuf frame(byte[] message) {
        ByteBuf frame = Unpooled.buffer(HEAD + message.length);
        frame.writeByte(0);
        frame.writeInt(message.length);
        frame.writeBytes(message);
        return frame;
    }
}
