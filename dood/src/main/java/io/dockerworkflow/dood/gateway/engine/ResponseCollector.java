package io.dockerworkflow.dood.gateway.engine;

import io.dockerworkflow.dood.gateway.stream.BodyBytes;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Collects a whole response. Only for responses that are JSON of moderate size; everything else is relayed. */
public final class ResponseCollector extends CompletableFuture<EngineResponse> implements EngineResponseListener {
    private static final int MAX = 256 * 1024 * 1024;

    private final BodyBytes body = new BodyBytes();
    private @Nullable HttpResponse head;

    @Override
    public void head(HttpResponse response) {
        if (response.status().code() >= 200) {
            head = response;
        }
    }

    @Override
    public void content(HttpContent content) {
        ByteBuf bytes = content.content();
        if (body.size() + bytes.readableBytes() > MAX) {
            content.release();
            failed(new IOException("the engine's answer is too large"));
            return;
        }
        body.add(bytes);
        boolean last = content instanceof LastHttpContent;
        content.release();
        HttpResponse response = head;
        if (last && response != null) {
            complete(new EngineResponse(response.status().code(), response.headers(), body.toArray()));
        }
    }

    @Override
    public void raw(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void inputClosed() {
        failed(new IOException("the engine closed the connection"));
    }

    @Override
    public void failed(Throwable cause) {
        completeExceptionally(cause);
    }

    @Override
    public void writabilityChanged() {
        // small bodies only
    }
}
