package io.dockerworkflow.dood.gateway.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/** Makes a TCP connection what a Unix socket is to the gateway: private, and with two directions that end each for itself. */
public final class TlsAcceptor extends ChannelInboundHandlerAdapter {

    /** Goes before all other handlers of a connection. */
    public static void install(Channel channel, SslContext tls) {
        SslHandler handler = tls.newHandler(channel.alloc());
        handler.setCloseNotifyReadTimeoutMillis(0);
        channel.pipeline().addLast(handler, new TlsAcceptor());
    }

    private TlsAcceptor() {}

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent end) {
            if (end.isSuccess()) {
                // The client's close_notify: the end of its input, as a docker CLI's "run -i" has one.
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }
}
