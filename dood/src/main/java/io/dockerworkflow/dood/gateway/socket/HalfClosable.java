package io.dockerworkflow.dood.gateway.socket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** A channel of which one direction can be ended. */
public interface HalfClosable {
    /** Ends the output at once; what is not flushed yet is lost. */
    void endOutput();

    /** Ends a channel's output behind what was written to it. */
    static void endOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            if (!written.isSuccess()) {
                return;
            }
            if (tls != null) {
                tls.closeOutbound();
            } else if (channel instanceof HalfClosable unix) {
                unix.endOutput();
            } else if (channel instanceof DuplexChannel tcp) {
                tcp.shutdownOutput();
            }
        });
    }
}
