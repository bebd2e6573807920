package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.stream.BodySplice;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.dockerworkflow.dood.gateway.stream.JsonLineTransform;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Moves the engine's response to the client: whole, object by object, or as it comes. Its head says which. */
final class ResponseRelay {
    private final Exchange exchange;
    private final ClientResponse.Forward forward;
    private final Supplier<CompletionStage<?>> beforeEnd;
    private final Consumer<RuntimeException> broken;
    private Consumer<HttpContent> writer = HttpContent::release;
    private Optional<BodySplice> download = Optional.empty();
    private boolean begun;
    private boolean inLines;

    /**
     * A response that has not begun.
     *
     * @param beforeEnd what has to happen before the client hears of the end of its work
     * @param broken told if the response cannot be passed on
     */
    ResponseRelay(
            Exchange exchange,
            ClientResponse.Forward forward,
            Supplier<CompletionStage<?>> beforeEnd,
            Consumer<RuntimeException> broken) {
        this.exchange = exchange;
        this.forward = forward;
        this.beforeEnd = beforeEnd;
        this.broken = broken;
    }

    /** Takes the head of a response that does not take over the connection. */
    void head(HttpResponse head, PooledConnection engine) {
        begun = true;
        ClientResponse.Filter filter = forward.filter();
        int status = head.status().code();
        boolean error = status >= 400 && !forward.request().method().equals(HttpMethod.HEAD);
        if (error || filter instanceof ClientResponse.Filter.Document && status != 204 && status != 304) {
            whole(head, filter);
        } else {
            stream(head, filter, engine);
        }
    }

    private void whole(HttpResponse head, ClientResponse.Filter filter) {
        BufferedResponse buffered = new BufferedResponse(exchange, filter, head, beforeEnd);
        writer = content -> {
            if (!buffered.add(content)) {
                broken.accept(new ApiException(502, "the engine's answer is too large"));
            }
        };
    }

    private void stream(HttpResponse head, ClientResponse.Filter filter, PooledConnection engine) {
        HttpHeaders headers = exchange.daemonHeaders().endToEnd(head.headers());
        if (filter instanceof ClientResponse.Filter.Lines change) {
            inLines = true;
            writer = new JsonLinesResponse(exchange, new JsonLineTransform(change.change()), beforeEnd)::add;
            setUnknownLength(headers);
        } else if (filter instanceof ClientResponse.Filter.Bytes bytes) {
            writer = content -> bytes.transform().pass(content, exchange::content);
            setUnknownLength(headers);
            prepareDownload(head, bytes.transform(), engine);
        } else {
            writer = exchange::content;
            prepareDownload(head, ByteTransform.NONE, engine);
        }
        exchange.head(head.status(), headers);
    }

    private void prepareDownload(HttpResponse head, ByteTransform transform, PooledConnection engine) {
        if (HttpUtil.isTransferEncodingChunked(head) && exchange.takesChunks()) {
            download = exchange.connection().download(engine, transform);
        }
    }

    private static void setUnknownLength(HttpHeaders headers) {
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    }

    /** Takes a piece of the content. */
    void content(HttpContent content) {
        download.ifPresent(splice -> splice.seen(content.content().readableBytes()));
        writer.accept(content);
    }

    /** All that has come from the engine for now was taken. */
    void readComplete() {
        exchange.flush();
        download.ifPresent(BodySplice::openIfWorthwhile);
    }

    /** Whether the head has come. */
    boolean isBegun() {
        return begun;
    }

    /** Whether the client reads lines of progress, the last of which can be an error. */
    boolean isInLines() {
        return inLines;
    }

    /** Gives up what was held for the content. Idempotent. */
    void release() {
        download.ifPresent(BodySplice::end);
        if (forward.filter() instanceof ClientResponse.Filter.Bytes bytes) {
            bytes.transform().close();
        }
    }
}
