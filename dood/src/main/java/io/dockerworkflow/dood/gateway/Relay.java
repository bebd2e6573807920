package io.dockerworkflow.dood.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Moves one request to the engine and its answer to the client, as fast as the slower side takes it: a side is read only
 * while the other is writable. Lives on the client's event loop, as does the engine's connection.
 */
final class Relay implements EngineLink.Listener {
    static final String ENDED = "the session that this was part of has been cancelled or closed";

    private final Exchange exchange;
    private final Reply.Forward forward;
    private @Nullable EngineLink link;
    private @Nullable HttpResponse head;
    private @Nullable WholeAnswer whole;
    private @Nullable LineSplitter lines;
    private boolean cancelled;
    private boolean clientClosedEarly;
    private boolean finished;
    private final PendingWork.Work work = this::endWork;

    Relay(Exchange exchange, Reply.Forward forward) {
        this.exchange = exchange;
        this.forward = forward;
    }

    void start() {
        HttpMethod method = forward.request().method();
        boolean safe = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        start(safe && !forward.bodyFollows());
    }

    private void start(boolean reuse) {
        exchange.gateway()
                .engine()
                .acquire(exchange.client().eventLoop(), reuse)
                .whenComplete((connected, failure) -> {
                    if (connected == null) {
                        cancel();
                        exchange.fail(failure);
                    } else if (cancelled) {
                        connected.close();
                    } else {
                        connected(connected);
                    }
                });
    }

    private void connected(EngineLink connected) {
        link = connected;
        if (forward.isWork()) {
            exchange.gateway().pending().add(work);
        }
        connected.send(forward.request(), forward.bodyFollows(), this);
        exchange.body().drainTo(forward.bodyFollows() ? this::passOn : HttpContent::release);
        connected.flush();
        if (clientClosedEarly) {
            connected.closeOutput();
        }
    }

    /** A piece of the client's body. */
    private void passOn(HttpContent content) {
        EngineLink engine = link;
        if (cancelled || engine == null) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            cancel();
            exchange.fail(ApiException.badRequest("malformed request body"));
            return;
        }
        if (forward.bodyTransform().isPresent()) {
            transform(engine, content, forward.bodyTransform().get());
        } else {
            engine.write(content);
        }
        exchange.client().config().setAutoRead(engine.isWritable());
    }

    private void transform(EngineLink engine, HttpContent content, ByteTransform transform) {
        boolean last = content instanceof LastHttpContent;
        try {
            transform.feed(content.content(), piece -> engine.write(new DefaultHttpContent(piece)));
            if (last) {
                transform.end(piece -> engine.write(new DefaultHttpContent(piece)));
                engine.write(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        } catch (RuntimeException e) {
            cancel();
            exchange.fail(e instanceof ApiException ? e : ApiException.badRequest("the body cannot be read: " + e));
        }
    }

    @Override
    public void head(HttpResponse response) {
        head = response;
        Reply.Filter filter = forward.filter();
        int status = response.status().code();
        if (status >= 400 && !forward.request().method().equals(HttpMethod.HEAD)) {
            whole = new WholeAnswer(exchange, forward.filter(), response, this::settled);
        } else if (filter instanceof Reply.Filter.Hijack && Tunnel.isTakenOver(response)) {
            tunnel(response);
        } else if (filter instanceof Reply.Filter.Upgrade upgrade
                && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            upgrade(response, upgrade);
        } else if (filter instanceof Reply.Filter.Document && status != 204 && status != 304) {
            whole = new WholeAnswer(exchange, forward.filter(), response, this::settled);
        } else {
            HttpHeaders headers = exchange.gateway().endToEnd(response.headers());
            if (filter instanceof Reply.Filter.Lines change) {
                lines = new LineSplitter(change.change());
                headers.remove(HttpHeaderNames.CONTENT_LENGTH);
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
            }
            if (filter instanceof Reply.Filter.Bytes) {
                headers.remove(HttpHeaderNames.CONTENT_LENGTH);
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
            }
            exchange.head(response.status(), headers);
        }
    }

    private void tunnel(HttpResponse response) {
        EngineLink engine = link;
        if (engine == null) {
            return;
        }
        cancelled = true;
        Tunnel.open(exchange, engine, response.status(), withUpgrade(response));
    }

    private void upgrade(HttpResponse response, Reply.Filter.Upgrade upgrade) {
        EngineLink engine = link;
        if (engine == null) {
            return;
        }
        HttpHeaders headers = withUpgrade(response);
        cancelled = true;
        Channel client = exchange.client();
        Runnable takeover = () -> upgrade.takeover().accept(client, engine.channel());
        engine.handOver(() -> exchange.connection().handOver(exchange, response.status(), headers, takeover));
    }

    private HttpHeaders withUpgrade(HttpResponse response) {
        List<String> protocols = response.headers().getAll(HttpHeaderNames.UPGRADE);
        HttpHeaders headers = exchange.gateway().endToEnd(response.headers());
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            headers.set(HttpHeaderNames.CONNECTION, "Upgrade").set(HttpHeaderNames.UPGRADE, protocols);
        }
        return headers;
    }

    @Override
    public void content(HttpContent content) {
        if (cancelled) {
            content.release();
            return;
        }
        WholeAnswer collected = whole;
        LineSplitter splitter = lines;
        if (collected != null) {
            if (!collected.add(content)) {
                cancel();
                exchange.fail(new ApiException(502, "the engine's answer is too large"));
            }
        } else if (splitter != null) {
            line(splitter, content);
        } else if (forward.filter() instanceof Reply.Filter.Bytes bytes) {
            boolean last = content instanceof LastHttpContent;
            bytes.transform().feed(content.content(), piece -> exchange.content(new DefaultHttpContent(piece)));
            if (last) {
                bytes.transform().end(piece -> exchange.content(new DefaultHttpContent(piece)));
                exchange.content(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        } else {
            exchange.content(content);
        }
        throttle();
    }

    private void line(LineSplitter splitter, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        byte[] out;
        try {
            out = splitter.feed(ByteBufUtil.getBytes(content.content()), last);
        } finally {
            content.release();
        }
        if (out.length > 0) {
            exchange.content(new DefaultHttpContent(Unpooled.wrappedBuffer(out)));
        }
        if (last && forward.filter() instanceof Reply.Filter.Lines stream) {
            finish(stream).whenComplete((done, failure) -> {
                exchange.content(LastHttpContent.EMPTY_LAST_CONTENT);
                exchange.flush();
            });
        }
    }

    @Override
    public void readComplete() {
        exchange.flush();
    }

    void clientReadComplete() {
        EngineLink engine = link;
        if (engine != null && forward.bodyFollows()) {
            engine.flush();
        }
    }

    /** What is to be done at the end of a stream of lines is done, if the answer was to be one. */
    private CompletionStage<?> settled() {
        return forward.filter() instanceof Reply.Filter.Lines stream
                ? finish(stream)
                : CompletableFuture.completedFuture(true);
    }

    /** Does what is to be done at the stream's end, however it ends, and only once. */
    private CompletionStage<?> finish(Reply.Filter.Lines stream) {
        if (finished) {
            return CompletableFuture.completedFuture(true);
        }
        finished = true;
        exchange.gateway().pending().remove(work);
        try {
            return stream.settling().isPresent()
                    ? stream.settling().get().get()
                    : CompletableFuture.completedFuture(true);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void throttle() {
        EngineLink engine = link;
        if (engine != null && !exchange.client().isWritable()) {
            engine.read(false);
        }
    }

    void clientWritabilityChanged() {
        EngineLink engine = link;
        if (engine != null) {
            engine.read(exchange.client().isWritable());
        }
    }

    @Override
    public void writabilityChanged() {
        EngineLink engine = link;
        if (engine != null && forward.bodyFollows() && !exchange.body().isComplete()) {
            exchange.client().config().setAutoRead(engine.isWritable());
        }
    }

    /** Passed on, so that the engine ends a stream which its client no longer wants, as it does by itself. */
    void clientInputClosed() {
        if (forward.filter() instanceof Reply.Filter.Hijack) {
            // Bytes that came before the end are held back until the connection is taken over; the tunnel passes on
            // both.
            return;
        }
        EngineLink engine = link;
        if (engine == null) {
            clientClosedEarly = true;
        } else {
            engine.closeOutput();
        }
    }

    void cancel() {
        cancelled = true;
        EngineLink engine = link;
        if (engine != null) {
            engine.close();
        }
        if (forward.filter() instanceof Reply.Filter.Lines stream) {
            finish(stream);
        }
    }

    /** The session ends it: the engine drops what its client no longer waits for, and the client is told so. */
    private CompletionStage<?> endWork() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        exchange.client().eventLoop().execute(() -> {
            EngineLink engine = link;
            if (cancelled || finished || engine == null || !(forward.filter() instanceof Reply.Filter.Lines stream)) {
                ended.complete(null);
                return;
            }
            cancelled = true;
            engine.close();
            finish(stream).whenComplete((settled, failure) -> {
                exchange.fail(new ApiException(409, ENDED), lines != null);
                ended.complete(null);
            });
        });
        return ended;
    }

    @Override
    public void raw(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void inputClosed() {
        failed(new java.io.IOException("the engine closed the connection"));
    }

    @Override
    public void failed(Throwable cause) {
        EngineLink engine = link;
        if (cancelled) {
            return;
        }
        if (engine != null && engine.isUsed() && head == null && !forward.bodyFollows()) {
            // The engine had closed an idle connection, and those serve only requests that are safe to repeat.
            link = null;
            start(false);
        } else {
            cancel();
            exchange.fail(cause);
        }
    }
}
