package io.dockerworkflow.dood.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import java.util.Optional;
import java.util.function.Consumer;

/** Moves one client's body to the engine, as fast as that takes it. Lives on the event loop of both. */
final class Upload {
    private final Channel client;
    private final RequestBody body;
    private final EngineLink engine;
    private final ByteTransform transform;
    private final Optional<Passage> passage;
    private final Consumer<RuntimeException> broken;
    private boolean ended;

    /**
     * An upload that has not begun.
     *
     * @param transform changes the body on its way
     * @param broken told once if the body cannot be sent on
     */
    Upload(Exchange exchange, EngineLink engine, ByteTransform transform, Consumer<RuntimeException> broken) {
        this.client = exchange.client();
        this.body = exchange.body();
        this.engine = engine;
        this.transform = transform;
        this.passage = exchange.upload(engine, transform);
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
        passage.ifPresent(way -> way.seen(content.content().readableBytes()));
        try {
            transform.pass(content, engine::write);
        } catch (RuntimeException e) {
            broken.accept(e instanceof ApiException ? e : ApiException.badRequest("the body cannot be read: " + e));
            return;
        }
        engineWritabilityChanged();
    }

    /** All that has come from the client for now was taken. */
    void clientReadComplete() {
        engine.flush();
        passage.ifPresent(Passage::openIfWorthwhile);
    }

    void engineWritabilityChanged() {
        if (!body.isComplete()) {
            client.config().setAutoRead(engine.isWritable());
        }
    }

    /** Takes no more of it, and gives up what was held of it. Idempotent. */
    void end() {
        ended = true;
        passage.ifPresent(Passage::end);
        transform.close();
    }
}
