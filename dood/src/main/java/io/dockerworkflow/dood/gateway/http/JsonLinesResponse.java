package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.stream.JsonLineTransform;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A response of the engine's that the client gets object by object, as they come. */
final class JsonLinesResponse {
    private final Exchange exchange;
    private final JsonLineTransform lines;
    private final Supplier<CompletionStage<?>> beforeEnd;

    /** @param beforeEnd what has to happen before the client hears that there are no more */
    JsonLinesResponse(Exchange exchange, JsonLineTransform lines, Supplier<CompletionStage<?>> beforeEnd) {
        this.exchange = exchange;
        this.lines = lines;
        this.beforeEnd = beforeEnd;
    }

    /** Takes a piece. */
    void add(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        byte[] out;
        try {
            out = lines.feed(ByteBufUtil.getBytes(content.content()), last);
        } finally {
            content.release();
        }
        if (out.length > 0) {
            exchange.content(new DefaultHttpContent(Unpooled.wrappedBuffer(out)));
        }
        if (last) {
            beforeEnd.get().whenComplete((done, failure) -> {
                exchange.content(LastHttpContent.EMPTY_LAST_CONTENT);
                exchange.flush();
            });
        }
    }
}
