package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.stream.BodySplice;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Moves one client's body to the engine, as fast as that takes it. Lives on the event loop of both. */
final class Upload {
    private final Channel client;
    private final RequestBody body;
    private final PooledConnection engine;
    private final ByteTransform transform;
    private final Optional<BodySplice> splice;
    private final Consumer<RuntimeException> broken;
    private final Deque<HttpContent> waiting = new ArrayDeque<>();
    private boolean ended;

    /**
     * An upload that has not begun.
     *
     * @param transform changes the body on its way
     * @param broken told once if the body cannot be sent on
     */
    Upload(Exchange exchange, PooledConnection engine, ByteTransform transform, Consumer<RuntimeException> broken) {
        this.client = exchange.client();
        this.body = exchange.body();
        this.engine = engine;
        this.transform = transform;
        this.splice = exchange.connection().upload(engine, transform);
        this.broken = broken;
    }

    void begin() {
        body.drainTo(this::take);
    }

    private void take(HttpContent content) {
        if (ended) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            broken.accept(ApiException.badRequest("malformed request body"));
            return;
        }
        splice.ifPresent(each -> each.seen(content.content().readableBytes()));
        if (content instanceof LastHttpContent
                && content.content().isReadable()
                && transform.unchanged() < Long.MAX_VALUE) {
            // The transform may have to wait in the middle of it, and the end with it.
            waiting.add(new DefaultHttpContent(content.content()));
            waiting.add(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            waiting.add(content);
        }
        pass();
    }

    /** Passes on what is there, until the transform waits for something. */
    private void pass() {
        try {
            while (!waiting.isEmpty() && transform.awaited().isEmpty()) {
                transform.pass(waiting.remove(), engine::write);
                transform.awaited().ifPresent(this::proceedAfter);
            }
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        engineWritabilityChanged();
    }

    private void proceedAfter(CompletionStage<?> awaited) {
        awaited.whenComplete((done, failure) -> client.eventLoop().execute(() -> {
            if (ended) {
                return;
            }
            try {
                transform.proceed(piece -> engine.write(new DefaultHttpContent(piece)));
                transform.awaited().ifPresent(this::proceedAfter);
            } catch (RuntimeException e) {
                failed(e);
                return;
            }
            pass();
            engine.flush();
        }));
    }

    private void failed(RuntimeException cause) {
        boolean told = cause instanceof ApiException || cause instanceof CompletionException;
        broken.accept(told ? cause : ApiException.badRequest("the body cannot be read: " + cause));
    }

    /** All that has come from the client for now was taken. */
    void clientReadComplete() {
        engine.flush();
        splice.ifPresent(BodySplice::openIfWorthwhile);
    }

    void engineWritabilityChanged() {
        if (!body.isComplete()) {
            client.config()
                    .setAutoRead(engine.isWritable() && transform.awaited().isEmpty());
        }
    }

    /** Takes no more of it, and gives up what was held of it. Idempotent. */
    void end() {
        ended = true;
        splice.ifPresent(BodySplice::end);
        transform.close();
        waiting.forEach(HttpContent::release);
        waiting.clear();
    }
}
