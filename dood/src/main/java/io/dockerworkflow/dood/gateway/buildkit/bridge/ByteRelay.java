package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/** One direction of two connections whose bytes nobody has to read. */
public final class ByteRelay extends ConnectionEnd {
    private final Channel to;

    private ByteRelay(Channel to) {
        super(to);
        this.to = to;
    }

    /** Joins two connections, which live on one event loop. */
    public static void join(Channel one, Channel other) {
        one.pipeline().addLast(new ByteRelay(other));
        other.pipeline().addLast(new ByteRelay(one));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        to.write(bytes);
        ctx.channel().config().setAutoRead(to.isWritable());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        to.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        to.config().setAutoRead(ctx.channel().isWritable());
    }

    /** The other one ends behind what was written to it. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
