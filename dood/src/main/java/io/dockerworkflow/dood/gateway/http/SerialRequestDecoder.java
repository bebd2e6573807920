package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.socket.SocketTuning;
import io.dockerworkflow.dood.gateway.stream.PlainChunks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request and then holds back what follows until {@link #open}: the next request of a pipelining client, or, if
 * the request turns out to take over the connection, raw bytes that must not be parsed. Removing it passes them on.
 */
final class SerialRequestDecoder extends HttpRequestDecoder {
    private static final int MAX_HELD = 64 * 1024;

    private final PlainChunks chunks = new PlainChunks();
    private @Nullable ChannelHandlerContext context;
    private boolean shut;

    SerialRequestDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(64 * 1024)
                .setMaxHeaderSize(256 * 1024)
                .setMaxChunkSize(SocketTuning.MAX_READ));
    }

    /** Lets the next request through. */
    void open() {
        shut = false;
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ctx.isRemoved()) {
            ctx.channel().config().setAutoRead(true);
            try {
                channelRead(ctx, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                ctx.fireExceptionCaught(e);
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        super.channelRead(ctx, message);
        if (shut && !ctx.isRemoved() && actualReadableBytes() > MAX_HELD) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (shut && event instanceof ChannelInputShutdownEvent) {
            // The decoder would throw away what is held back.
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (shut) {
            // The decoder would ask for more, since it got bytes and passed nothing on.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (shut) {
            return;
        }
        if (chunks.decode(in, out)) {
            return;
        }
        super.decode(ctx, in, out);
        chunks.heard(out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            shut = true;
        }
    }

    /** Where the chunks of the request begin and end. */
    PlainChunks chunks() {
        return chunks;
    }

    /** Two lengths are how requests are smuggled past a proxy: the request is refused, not mended. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new TooLongFrameException("a request has either Content-Length or Transfer-Encoding, not both");
    }
}
