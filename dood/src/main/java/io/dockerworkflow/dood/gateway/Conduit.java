package io.dockerworkflow.dood.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** One direction of two connections whose bytes nobody has to read; when one connection ends, so does the other. */
final class Conduit extends ChannelInboundHandlerAdapter {
    private final Channel to;

    private Conduit(Channel to) {
        this.to = to;
    }

    /** Joins two connections, which live on one event loop. */
    static void join(Channel one, Channel other) {
        one.pipeline().addLast(new Conduit(other));
        other.pipeline().addLast(new Conduit(one));
        if (one instanceof UnixChannel first && other instanceof UnixChannel second) {
            pump(first, second);
            pump(second, first);
        }
    }

    private static void pump(UnixChannel from, UnixChannel to) {
        new SocketPump(from, to, (bytes, pump) -> pump.write(bytes.readRetainedSlice(bytes.readableBytes()))).open();
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

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
