package io.dockerworkflow.dood.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a client and its response. Lives on the client's event loop. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final HttpContext gateway;
    private final DaemonHeaders daemonHeaders;
    private final HttpConnection connection;
    private final Channel client;
    private final HttpRequest request;
    private final RequestBody body;
    private boolean headSent;
    private boolean endsWithConnection;
    private boolean ended;
    private @Nullable ClientListener listener;

    Exchange(HttpContext gateway, DaemonHeaders daemonHeaders, HttpConnection connection, HttpRequest request) {
        this.gateway = gateway;
        this.daemonHeaders = daemonHeaders;
        this.connection = connection;
        this.client = connection.channel();
        this.request = request;
        this.body = new RequestBody(client, HttpUtil.is100ContinueExpected(request));
    }

    RequestBody body() {
        return body;
    }

    HttpRequest request() {
        return request;
    }

    Channel client() {
        return client;
    }

    HttpConnection connection() {
        return connection;
    }

    HttpContext gateway() {
        return gateway;
    }

    DaemonHeaders daemonHeaders() {
        return daemonHeaders;
    }

    /** Whether the client waits for a response, or the rest of one. */
    boolean isWaiting() {
        return !ended && client.isActive();
    }

    /** Has that one hear of the client until the response has ended. */
    void listen(ClientListener hears) {
        listener = hears;
    }

    void fail(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (headSent) {
            // Half a response cannot be taken back; a closed connection is how HTTP says that it is half.
            client.flush();
            client.close();
        } else if (cause instanceof ApiException api) {
            if (api.isRefusal()) {
                connection.markRefused();
            }
            respond(ClientResponse.error(api.status(), gateway.clientMessage(api.text())));
        } else {
            LOG.debug("{} {} failed", request.method(), loggable(request.uri()), cause);
            respond(ClientResponse.error(502, "the session's gateway cannot reach the engine: " + cause));
        }
    }

    /** A request target for the log: without its query, which may hold credentials. */
    private static String loggable(String uri) {
        int mark = uri.indexOf('?');
        return mark < 0 ? uri : uri.substring(0, mark);
    }

    /**
     * Fails.
     *
     * @param progress whether the client reads lines of progress, the last of which can be an error
     */
    void fail(ApiException failure, boolean progress) {
        if (!headSent || !progress || ended) {
            fail(failure);
            return;
        }
        ObjectNode line = ApiJson.object().put("error", failure.text());
        line.putObject("errorDetail").put("message", failure.text());
        content(new DefaultHttpContent(Unpooled.wrappedBuffer(ApiJson.bytes(line))));
        content(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    void respond(ClientResponse.Full clientResponse) {
        HttpHeaders headers = daemonHeaders.standard();
        for (var header : clientResponse.headers()) {
            headers.set(header.getKey(), header.getValue());
        }
        respond(clientResponse.status(), headers, clientResponse.body());
    }

    /** Answers with these headers and no others but those of the connection and the length. */
    void respond(int status, HttpHeaders headers, byte[] content) {
        if (ended || headSent) {
            return;
        }
        if (status != 204 && status != 304) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        }
        headSent = true;
        finishHead(headers);
        client.writeAndFlush(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                Unpooled.wrappedBuffer(content),
                headers,
                EmptyHttpHeaders.INSTANCE));
        end();
    }

    /** Sends the head of a response whose content follows, with the next {@link #flush}. */
    void head(HttpResponseStatus status, HttpHeaders headers) {
        frame(status, headers);
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers);
        headSent = true;
        finishHead(headers);
        client.write(response);
    }

    /** Whether the client knows chunks: those of HTTP/1.0 do not (RFC 9112, 6.1). */
    boolean takesChunks() {
        return request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    /** Content of unknown length comes in chunks or, to a client that knows none, ends with the connection. */
    private void frame(HttpResponseStatus status, HttpHeaders headers) {
        boolean empty = request.method().equals(HttpMethod.HEAD)
                || status.equals(HttpResponseStatus.NO_CONTENT)
                || status.equals(HttpResponseStatus.NOT_MODIFIED);
        if (empty || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return;
        }
        if (takesChunks()) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
            endsWithConnection = true;
        }
    }

    /** Sends a piece of the content, the last one at once. */
    void content(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        client.write(content);
        if (last) {
            client.flush();
            end();
        }
    }

    void flush() {
        client.flush();
    }

    private void finishHead(HttpHeaders headers) {
        if (!staysOpen()) {
            headers.set(HttpHeaderNames.CONNECTION, "close");
        }
    }

    private boolean staysOpen() {
        return HttpUtil.isKeepAlive(request) && body.isComplete() && !body.isBroken() && !endsWithConnection;
    }

    private void end() {
        ended = true;
        ClientListener ran = listener;
        listener = null;
        if (ran != null) {
            ran.release();
        }
        // What nobody has read. The client may be sending still, and would not read the response if the connection
        // broke.
        body.discard();
        connection.finish(body, staysOpen());
    }

    /** The client will send no more. */
    void clientInputClosed() {
        body.cut();
        ClientListener running = listener;
        if (running != null) {
            running.clientInputClosed();
        }
    }

    void clientGone() {
        body.discard();
        ended = true;
        ClientListener running = listener;
        if (running != null) {
            running.cancel();
        }
    }

    /** All that has come from the client for now was passed on. */
    void clientReadComplete() {
        ClientListener running = listener;
        if (running != null) {
            running.clientReadComplete();
        }
    }

    void clientWritabilityChanged() {
        ClientListener running = listener;
        if (running != null) {
            running.clientWritabilityChanged();
        }
    }
}
