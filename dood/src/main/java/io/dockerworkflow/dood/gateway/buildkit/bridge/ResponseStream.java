package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcFrames;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.Http2Frame;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The answer of one call, whose messages are changed on their way. Not safe for use by several threads. */
final class ResponseStream {
    private final MessageTransform transform;
    private final GrpcFrames frames = new GrpcFrames();
    private final ByteBuf changed = Unpooled.buffer();
    private long window;
    private boolean refused;

    /**
     * An answer.
     *
     * @param transform changes its messages
     * @param window how many bytes its reader takes for a start
     */
    ResponseStream(MessageTransform transform, long window) {
        this.transform = transform;
        this.window = window;
    }

    /** Takes bytes, which stay the caller's. */
    void take(ByteBuf bytes) throws GrpcRefusal {
        if (!refused) {
            for (byte[] message : frames.take(bytes)) {
                transform.apply(message).forEach(now -> changed.writeBytes(GrpcFrames.frame(now)));
            }
        }
    }

    /** Nothing that comes any more is sent on. */
    void refuse() {
        refused = true;
        changed.clear();
    }

    boolean isRefused() {
        return refused;
    }

    /** Its reader takes so many bytes more, or less. */
    void widen(long bytes) {
        window += bytes;
    }

    /** Whether there is something to send. */
    boolean isWaiting() {
        return changed.isReadable();
    }

    /** What can be sent now in one frame, if the whole connection takes so much; it may be nothing. */
    ByteBuf next(long connection) {
        long most = Math.min(Math.min(window, connection), Http2Frame.MAX_PAYLOAD);
        int length = (int) Math.max(0, Math.min(most, changed.readableBytes()));
        window -= length;
        ByteBuf next = Unpooled.buffer(length).writeBytes(changed, length);
        changed.discardSomeReadBytes();
        return next;
    }
}
