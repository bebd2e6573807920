package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.EngineResponseListener;
import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves one request to the engine and its response to the client, as fast as the slower side takes it: a side is read only
 * while the other is writable. Lives on the client's event loop, as does the engine's connection.
 */
final class Relay implements EngineResponseListener, ClientListener {
    private final Exchange exchange;
    private final ClientResponse.Forward forward;
    private @Nullable PooledConnection link;
    private Optional<Upload> upload = Optional.empty();
    private boolean cancelled;
    private boolean clientClosedEarly;
    private final ResponseRelay response;
    private final CancellableWork work;

    Relay(Exchange exchange, ClientResponse.Forward forward) {
        this.exchange = exchange;
        this.forward = forward;
        this.work = new CancellableWork(
                exchange.gateway().pending(),
                new CompletionHook(forward.filter()),
                exchange.client().eventLoop(),
                this::stopIfRunning,
                this::tellEnded);
        this.response = new ResponseRelay(exchange, forward, work::settle, this::fail);
    }

    void start() {
        start(forward.request().isSafe() && !forward.bodyFollows());
    }

    private void start(boolean reuse) {
        exchange.gateway()
                .engine()
                .acquire(exchange.client().eventLoop(), reuse)
                .whenComplete((connected, failure) -> {
                    if (connected == null) {
                        fail(failure);
                    } else if (cancelled) {
                        connected.close();
                    } else {
                        connected(connected);
                    }
                });
    }

    private void connected(PooledConnection connected) {
        link = connected;
        work.begin();
        connected.send(forward.request(), forward.bodyFollows(), this);
        if (forward.bodyFollows()) {
            ByteTransform transform = forward.bodyTransform().orElse(ByteTransform.NONE);
            Upload body = new Upload(exchange, connected, transform, this::fail);
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

    private void fail(Throwable cause) {
        cancel();
        exchange.fail(cause);
    }

    @Override
    public void head(HttpResponse head) {
        PooledConnection engine = Objects.requireNonNull(link, "an answer comes over a connection");
        if (ConnectionTakeover.isBegunBy(head, forward.filter())) {
            cancelled = true;
            upload.ifPresent(Upload::end);
            ConnectionTakeover.begin(head, forward.filter(), exchange, engine);
        } else {
            response.head(head, engine);
        }
    }

    @Override
    public void content(HttpContent content) {
        if (cancelled) {
            content.release();
            return;
        }
        response.content(content);
        PooledConnection engine = link;
        if (engine != null && !exchange.client().isWritable()) {
            engine.read(false);
        }
    }

    @Override
    public void readComplete() {
        response.readComplete();
    }

    @Override
    public void clientReadComplete() {
        upload.ifPresent(Upload::clientReadComplete);
    }

    @Override
    public void clientWritabilityChanged() {
        PooledConnection engine = link;
        if (engine != null) {
            engine.read(exchange.client().isWritable());
        }
    }

    @Override
    public void writabilityChanged() {
        upload.ifPresent(Upload::engineWritabilityChanged);
    }

    /** Passed on, so that the engine ends a stream which its client no longer wants, as it does by itself. */
    @Override
    public void clientInputClosed() {
        if (forward.filter() instanceof ClientResponse.Filter.Hijack) {
            // Bytes that came before the end are held back until the connection is taken over; the tunnel passes on
            // both.
            return;
        }
        PooledConnection engine = link;
        if (engine == null) {
            clientClosedEarly = true;
        } else {
            engine.closeOutput();
        }
    }

    @Override
    public void cancel() {
        stop();
        work.settle();
    }

    private void stop() {
        cancelled = true;
        PooledConnection engine = link;
        if (engine != null) {
            engine.close();
        }
        release();
    }

    @Override
    public void release() {
        upload.ifPresent(Upload::end);
        response.release();
    }

    private boolean stopIfRunning() {
        if (cancelled || link == null) {
            return false;
        }
        stop();
        return true;
    }

    private void tellEnded() {
        exchange.fail(new ApiException(409, PendingWork.ENDED), response.isInLines());
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
        PooledConnection engine = link;
        if (cancelled) {
            return;
        }
        if (engine != null && engine.isUsed() && !response.isBegun() && !forward.bodyFollows()) {
            // The engine had closed an idle connection, and those serve only requests that are safe to repeat.
            link = null;
            start(false);
        } else {
            fail(cause);
        }
    }
}
