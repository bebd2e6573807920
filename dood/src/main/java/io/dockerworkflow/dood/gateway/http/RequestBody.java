package io.dockerworkflow.dood.gateway.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.EOFException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request's body on its way from the client. What nobody has asked for yet waits here, and after 64 KiB at the client. */
public final class RequestBody {
    private static final int MAX_WAITING = 64 * 1024;

    private final Channel client;
    private final boolean expectsContinue;
    private final Deque<HttpContent> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean complete;
    private boolean broken;
    private boolean askedFor;
    private @Nullable Consumer<HttpContent> sink;

    public RequestBody(Channel client, boolean expectsContinue) {
        this.client = client;
        this.expectsContinue = expectsContinue;
    }

    /** Whether its end has come from the client. */
    boolean isComplete() {
        return complete;
    }

    /** Whether it is malformed or cut: what follows cannot be told apart from the next request. */
    boolean isBroken() {
        return broken;
    }

    public void offer(HttpContent content) {
        complete |= content instanceof LastHttpContent;
        broken |= content.decoderResult().isFailure();
        Consumer<HttpContent> taker = sink;
        if (taker != null) {
            taker.accept(content);
            return;
        }
        waiting.add(content);
        waitingBytes += content.content().readableBytes();
        if (waitingBytes > MAX_WAITING) {
            client.config().setAutoRead(false);
        }
    }

    /** The client will send no more: a body that is not whole ends here, marked as broken. */
    void cut() {
        if (!complete) {
            DefaultLastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            end.setDecoderResult(DecoderResult.failure(new EOFException("the request's body is cut")));
            offer(end);
        }
    }

    /** Gives everything to that taker, which owns it: what waits now, the rest as it comes. */
    void drainTo(Consumer<HttpContent> taker) {
        sink = taker;
        if (expectsContinue && !askedFor && !complete) {
            client.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        askedFor = true;
        while (!waiting.isEmpty()) {
            taker.accept(waiting.remove());
        }
        waitingBytes = 0;
        if (!complete) {
            client.config().setAutoRead(true);
        }
    }

    /** Throws away what is there and what comes. */
    void discard() {
        sink = HttpContent::release;
        while (!waiting.isEmpty()) {
            waiting.remove().release();
        }
        if (!complete) {
            client.config().setAutoRead(true);
        }
    }
}
