package io.dockerworkflow.dood.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
    private Consumer<HttpContent> answer = HttpContent::release;
    private Optional<Upload> upload = Optional.empty();
    private Optional<Passage> download = Optional.empty();
    private boolean inLines;
    private boolean cancelled;
    private boolean clientClosedEarly;
    private final Settling settling;
    private final PendingWork.Work work = this::endWork;

    Relay(Exchange exchange, Reply.Forward forward) {
        this.exchange = exchange;
        this.forward = forward;
        this.settling = new Settling(forward.filter());
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
        if (settling.isPending()) {
            exchange.gateway().pending().add(work);
        }
        connected.send(forward.request(), forward.bodyFollows(), this);
        if (forward.bodyFollows()) {
            Upload body =
                    new Upload(exchange, connected, forward.bodyTransform().orElse(ByteTransform.NONE), this::fail);
            upload = Optional.of(body);
            body.begin();
        } else {
            exchange.body().discard();
        }
        connected.flush();
        if (clientClosedEarly) {
            connected.closeOutput();
        }
    }

    private void fail(RuntimeException cause) {
        cancel();
        exchange.fail(cause);
    }

    @Override
    public void head(HttpResponse response) {
        head = response;
        Reply.Filter filter = forward.filter();
        int status = response.status().code();
        if (status >= 400 && !forward.request().method().equals(HttpMethod.HEAD)) {
            whole(response);
        } else if (filter instanceof Reply.Filter.Hijack && Tunnel.isTakenOver(response)) {
            tunnel(response);
        } else if (filter instanceof Reply.Filter.Upgrade upgrade
                && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            upgrade(response, upgrade);
        } else if (filter instanceof Reply.Filter.Document && status != 204 && status != 304) {
            whole(response);
        } else {
            stream(response, filter);
        }
    }

    private void whole(HttpResponse response) {
        WholeAnswer whole = new WholeAnswer(exchange, forward.filter(), response, this::settle);
        answer = content -> {
            if (!whole.add(content)) {
                cancel();
                exchange.fail(new ApiException(502, "the engine's answer is too large"));
            }
        };
    }

    private void stream(HttpResponse response, Reply.Filter filter) {
        HttpHeaders headers = exchange.gateway().endToEnd(response.headers());
        if (filter instanceof Reply.Filter.Lines change) {
            inLines = true;
            answer = new LineAnswer(exchange, new LineSplitter(change.change()), this::settle)::add;
            setUnknownLength(headers);
        } else if (filter instanceof Reply.Filter.Bytes bytes) {
            answer = content -> bytes.transform().pass(content, exchange::content);
            setUnknownLength(headers);
            prepareDownload(response, bytes.transform());
        } else {
            answer = exchange::content;
            prepareDownload(response, ByteTransform.NONE);
        }
        exchange.head(response.status(), headers);
    }

    private void prepareDownload(HttpResponse response, ByteTransform transform) {
        EngineLink engine = link;
        if (engine != null && HttpUtil.isTransferEncodingChunked(response)) {
            download = exchange.download(engine, transform);
        }
    }

    private static void setUnknownLength(HttpHeaders headers) {
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    }

    private void tunnel(HttpResponse response) {
        EngineLink engine = link;
        if (engine == null) {
            return;
        }
        cancelled = true;
        upload.ifPresent(Upload::end);
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
        download.ifPresent(passage -> passage.seen(content.content().readableBytes()));
        answer.accept(content);
        throttle();
    }

    @Override
    public void readComplete() {
        exchange.flush();
        download.ifPresent(Passage::openIfWorthwhile);
    }

    void clientReadComplete() {
        upload.ifPresent(Upload::clientReadComplete);
    }

    private CompletionStage<?> settle() {
        exchange.gateway().pending().remove(work);
        return settling.settle();
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
        upload.ifPresent(Upload::engineWritabilityChanged);
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
        stop();
        settle();
    }

    private void stop() {
        cancelled = true;
        EngineLink engine = link;
        if (engine != null) {
            engine.close();
        }
        release();
    }

    /** Gives up what was held for either body. Idempotent. */
    void release() {
        upload.ifPresent(Upload::end);
        download.ifPresent(Passage::end);
        if (forward.filter() instanceof Reply.Filter.Bytes bytes) {
            bytes.transform().close();
        }
    }

    /** The session ends it: the engine drops what its client no longer waits for, and the client is told so. */
    private CompletionStage<?> endWork() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        exchange.client().eventLoop().execute(() -> {
            if (cancelled || !settling.isPending() || link == null) {
                ended.complete(null);
                return;
            }
            stop();
            settle().whenComplete((settled, failure) -> {
                exchange.fail(new ApiException(409, ENDED), inLines);
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
