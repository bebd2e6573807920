package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.stream.BodyBytes;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A response of the engine's that the client gets when all of it is there: a document, whose names change, or an error. */
final class BufferedResponse {
    private static final int MAX_SIZE = 256 * 1024 * 1024;

    private final Exchange exchange;
    private final ClientResponse.Filter filter;
    private final HttpResponse head;
    private final Supplier<CompletionStage<?>> beforeError;
    private final BodyBytes body = new BodyBytes();

    /** @param beforeError what has to happen before the client hears of an error */
    BufferedResponse(
            Exchange exchange,
            ClientResponse.Filter filter,
            HttpResponse head,
            Supplier<CompletionStage<?>> beforeError) {
        this.exchange = exchange;
        this.filter = filter;
        this.head = head;
        this.beforeError = beforeError;
    }

    /** Takes a piece, and answers the client after the last one; false if there is too much. */
    boolean add(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        body.add(content.content());
        content.release();
        if (body.size() > MAX_SIZE) {
            return false;
        }
        if (last) {
            respond(body.toArray());
        }
        return true;
    }

    private void respond(byte[] bytes) {
        int status = head.status().code();
        HttpHeaders headers = exchange.daemonHeaders().endToEnd(head.headers());
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (status >= 400) {
            error(new ApiException(status, ApiJson.errorMessage(bytes)), headers, bytes);
        } else if (filter instanceof ClientResponse.Filter.Document document) {
            document(document, bytes, changed -> exchange.respond(status, headers, changed));
        } else {
            exchange.respond(status, headers, bytes);
        }
    }

    private void document(ClientResponse.Filter.Document document, byte[] bytes, Consumer<byte[]> response) {
        RewriteCache cache = exchange.connection().lastDocument();
        String target = exchange.request().uri();
        long revision = exchange.gateway().revision();
        Optional<byte[]> known = document.steady() ? cache.told(target, revision, bytes) : Optional.empty();
        if (known.isPresent()) {
            response.accept(known.get());
            return;
        }
        try {
            document.change().apply(ApiJson.parse(bytes)).whenComplete((changed, failure) -> {
                if (changed == null) {
                    exchange.fail(failure);
                    return;
                }
                byte[] told = ApiJson.document(changed);
                if (document.steady()) {
                    cache.keep(target, revision, bytes, told);
                }
                response.accept(told);
            });
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private void error(ApiException said, HttpHeaders headers, byte[] bytes) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        if (filter instanceof ClientResponse.Filter.Hijack && !type.startsWith("application/json")) {
            // An engine that had taken the connection over before it failed says why in plain text.
            String words = exchange.gateway().clientMessage(new String(bytes, StandardCharsets.UTF_8));
            exchange.respond(new ClientResponse.Full(said.status(), headers, words.getBytes(StandardCharsets.UTF_8)));
        } else {
            beforeError.get().whenComplete((done, failure) -> exchange.fail(said));
        }
    }
}
