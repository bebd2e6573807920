package io.dockerworkflow.dood;

import io.dockerworkflow.SessionId;
import io.dockerworkflow.dood.gateway.http.RequestObserver;
import io.dockerworkflow.dood.gateway.http.ServedRequest;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a session's listener off the gateway's event loops, because its code may block or throw. Safe for use by several
 * threads.
 */
final class ListenerThread implements RequestObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerThread.class);
    private static final int MAX_WAITING = 10_000;
    private static final long LAST_WORDS_SECONDS = 2;

    private final SessionId session;
    private final GatewayListener listener;
    private final AtomicLong dropped = new AtomicLong();
    private final ThreadPoolExecutor telling;
    private boolean failed;

    ListenerThread(SessionId session, GatewayListener listener) {
        this.session = session;
        this.listener = listener;
        this.telling = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                task -> {
                    Thread started = new Thread(task, "docker-workflow-listener");
                    started.setDaemon(true);
                    return started;
                },
                (task, executor) -> drop());
    }

    @Override
    public void finished(ServedRequest request) {
        telling.execute(() -> tell(request));
    }

    private void tell(ServedRequest served) {
        GatewayRequest request = new GatewayRequest(
                session,
                served.method(),
                served.route(),
                served.status(),
                served.refused(),
                Duration.ofNanos(served.nanosUntilHead()),
                Duration.ofNanos(served.nanosUntilEnd()),
                served.bytesIn(),
                served.bytesOut());
        try {
            listener.on(request);
        } catch (RuntimeException | Error e) {
            if (failed) {
                LOG.debug("The gateway listener of session {} failed again", session, e);
            } else {
                failed = true;
                LOG.warn(
                        "The gateway listener of session {} failed on {}; the next times are logged at debug level",
                        session,
                        request,
                        e);
            }
        }
    }

    private void drop() {
        if (dropped.incrementAndGet() == 1 && !telling.isShutdown()) {
            LOG.warn(
                    "The gateway listener of session {} is {} requests late; further ones are dropped",
                    session,
                    MAX_WAITING);
        }
    }

    /** Waits for the listener for two seconds at most, so that a session's counts are complete when it is closed. */
    @Override
    public void close() {
        telling.shutdown();
        try {
            if (!telling.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                int missed = telling.shutdownNow().size();
                dropped.addAndGet(missed);
                LOG.warn("The gateway listener of session {} does not return; it was interrupted", session);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (dropped.get() > 0) {
            LOG.warn("The gateway listener of session {} missed {} requests", session, dropped);
        }
    }
}
