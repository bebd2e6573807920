package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.FrameDecoder;
import io.dockerworkflow.dood.gateway.buildkit.wire.Http2Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of two connections that both speak HTTP/2: whole frames, so that others can be put between them. */
abstract class FrameRelay extends ConnectionEnd implements FrameDecoder.Taker {
    private final Channel from;
    private final Channel to;
    private final FrameDecoder cutter = new FrameDecoder(this);
    private final Deque<ByteBuf> waiting = new ArrayDeque<>();

    FrameRelay(Channel from, Channel to) {
        super(to);
        this.from = from;
        this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            waiting.add(bytes);
            resume();
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** Goes on with what had to wait. */
    final void resume() {
        // One that is whole may be what has to wait.
        cutter.feed(Unpooled.EMPTY_BUFFER);
        for (ByteBuf next = waiting.peek(); next != null; next = waiting.peek()) {
            read(next, cutter);
            if (next.isReadable()) {
                break;
            }
            waiting.remove().release();
        }
        readIfWanted();
    }

    /** Reads what has come. */
    void read(ByteBuf bytes, FrameDecoder frames) {
        frames.feed(bytes);
    }

    private void readIfWanted() {
        from.config().setAutoRead(waiting.isEmpty() && to.isWritable());
    }

    @Override
    public final void pass(ByteBuf frames) {
        to.write(frames);
    }

    /** Sends a frame on as it is. */
    final void pass(Http2Frame frame) {
        to.write(Http2Frame.bytes(
                frame.type(), frame.flags(), frame.stream(), frame.payload().copy()));
    }

    /** Once for all frames that were read together: a system call each would cost more than all else. */
    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        to.flush();
        from.flush();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // The relay of the other direction, which writes to this connection, reads from the other.
        to.config().setAutoRead(ctx.channel().isWritable());
    }

    /** The other one ends behind what was written to it. */
    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        cutter.close();
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
