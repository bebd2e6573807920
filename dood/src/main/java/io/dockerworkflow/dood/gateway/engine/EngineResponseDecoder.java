package io.dockerworkflow.dood.gateway.engine;

import io.dockerworkflow.dood.gateway.socket.SocketTuning;
import io.dockerworkflow.dood.gateway.stream.PlainChunks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.util.List;

/** Decodes the engine's responses. Knows that one to HEAD has no content, whatever its headers say. */
public final class EngineResponseDecoder extends HttpResponseDecoder {
    private final PlainChunks chunks = new PlainChunks();
    private boolean head;

    public EngineResponseDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(64 * 1024)
                .setMaxHeaderSize(1024 * 1024)
                .setMaxChunkSize(SocketTuning.MAX_READ)
                .setHeadersFactory(EngineHeaders.FACTORY));
    }

    /** The next response is to a request of that method. */
    void respondsTo(HttpMethod method) {
        head = method.equals(HttpMethod.HEAD);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!chunks.decode(in, out)) {
            super.decode(ctx, in, out);
            chunks.heard(out);
        }
    }

    /** Where the chunks of the response begin and end. */
    public PlainChunks chunks() {
        return chunks;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return head || super.isContentAlwaysEmpty(message);
    }
}
