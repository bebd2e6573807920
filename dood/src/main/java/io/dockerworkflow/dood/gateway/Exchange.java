package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a client and its answer. Lives on the client's event loop. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final GatewayContext gateway;
    private final ClientConnection connection;
    private final Channel client;
    private final HttpRequest request;
    private final RequestBody body;
    private boolean headSent;
    private boolean ended;
    private @Nullable Relay relay;

    Exchange(GatewayContext gateway, ClientConnection connection, Channel client, HttpRequest request) {
        this.gateway = gateway;
        this.connection = connection;
        this.client = client;
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

    ClientConnection connection() {
        return connection;
    }

    GatewayContext gateway() {
        return gateway;
    }

    void perform(Reply reply) {
        if (ended || !client.isActive()) {
            body.discard();
            if (reply instanceof Reply.Forward forward) {
                // What was announced for it is settled all the same.
                new Relay(this, forward).cancel();
            }
            return;
        }
        if (reply instanceof Reply.Answer answer) {
            answer(answer);
        } else if (reply instanceof Reply.Forward forward) {
            Relay started = new Relay(this, forward);
            relay = started;
            if (connection.isInputClosed()) {
                started.clientInputClosed();
            }
            started.start();
        }
    }

    void fail(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (headSent) {
            // Half an answer cannot be taken back; a closed connection is how HTTP says that it is half.
            client.flush();
            client.close();
        } else if (cause instanceof ApiException api) {
            if (api.isRefusal()) {
                connection.refused();
            }
            answer(Reply.error(api.status(), gateway.errors().rewrite(api.text())));
        } else {
            LOG.debug("{} {} failed", request.method(), gateway.loggable(request.uri()), cause);
            answer(Reply.error(502, "the session's gateway cannot reach the engine: " + cause));
        }
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
        ObjectNode line = Json.object().put("error", failure.text());
        line.putObject("errorDetail").put("message", failure.text());
        content(new DefaultHttpContent(Unpooled.wrappedBuffer(Json.bytes(line))));
        content(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    void answer(Reply.Answer answer) {
        HttpHeaders headers = gateway.standardHeaders();
        for (var header : answer.headers()) {
            headers.set(header.getKey(), header.getValue());
        }
        answer(answer.status(), headers, answer.body());
    }

    /** Answers with these headers and no others but those of the connection and the length. */
    void answer(int status, HttpHeaders headers, byte[] content) {
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

    /** Sends the head of an answer whose content follows, with the next {@link #flush}. */
    void head(HttpResponseStatus status, HttpHeaders headers) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers);
        headSent = true;
        finishHead(headers);
        client.write(response);
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

    /** A way past the pipelines for what comes of the request's body. */
    Optional<Passage> upload(EngineLink engine, ByteTransform transform) {
        return Passage.between(client, connection.chunks(), engine.channel(), transform, connection::watchUpload);
    }

    /** A way past the pipelines for what comes of the answer's content. */
    Optional<Passage> download(EngineLink engine, ByteTransform transform) {
        return Passage.between(engine.channel(), engine.chunks(), client, transform, connection::watchDownload);
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
        return HttpUtil.isKeepAlive(request) && body.isComplete();
    }

    private void end() {
        ended = true;
        Relay ran = relay;
        relay = null;
        if (ran != null) {
            ran.release();
        }
        // What nobody has read. The client may be sending still, and would not read the answer if the connection broke.
        body.discard();
        connection.ended(this, staysOpen());
    }

    /** The client will send no more. */
    void clientInputClosed() {
        body.cut();
        Relay running = relay;
        if (running != null) {
            running.clientInputClosed();
        }
    }

    void clientGone() {
        body.discard();
        ended = true;
        Relay running = relay;
        if (running != null) {
            running.cancel();
        }
    }

    /** All that has come from the client for now was passed on. */
    void clientReadComplete() {
        Relay running = relay;
        if (running != null) {
            running.clientReadComplete();
        }
    }

    void clientWritabilityChanged() {
        Relay running = relay;
        if (running != null) {
            running.clientWritabilityChanged();
        }
    }
}
