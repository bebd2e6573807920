package io.dockerworkflow.dind;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's connection to the daemon. Passes on the bytes and the end of each direction. Safe for use by several threads. */
final class RelayedConnection implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayedConnection.class);
    private static final int BUFFER = 64 * 1024;

    private final SocketChannel client;
    private final SocketChannel daemon;
    private final Consumer<RelayedConnection> ended;
    private final ClientRequests requests = new ClientRequests();
    private final AtomicInteger ways = new AtomicInteger(2);

    /**
     * Creates a connection between two connected channels. It owns both channels and closes them.
     *
     * @param ended is called when the connection is closed, at least once
     */
    RelayedConnection(SocketChannel client, SocketChannel daemon, Consumer<RelayedConnection> ended) {
        this.client = client;
        this.daemon = daemon;
        this.ended = ended;
    }

    /** Starts relaying, on two threads. */
    void start(Executor threads) {
        try {
            threads.execute(() -> pass(client, daemon, requests::accept));
            threads.execute(() -> pass(daemon, client, answer -> {}));
        } catch (RejectedExecutionException e) {
            close(); // The relay was closed just now.
        }
    }

    /** Closes the connection if the daemon does work for the client that ends only with the connection. */
    void endWork() {
        if (requests.working()) {
            close();
        }
    }

    private void pass(SocketChannel from, SocketChannel to, Consumer<ByteBuffer> seen) {
        try {
            // The thread itself keeps one buffer outside the heap for its lifetime. A new direct buffer would stay
            // until
            // the next collection.
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (from.read(buffer.clear()) >= 0) {
                seen.accept(buffer.flip().duplicate());
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            LOG.trace("One side has gone", e);
            close();
        } finally {
            if (ways.decrementAndGet() == 0) {
                close();
            }
        }
    }

    @Override
    public void close() {
        for (SocketChannel side : new SocketChannel[] {client, daemon}) {
            try {
                side.close();
            } catch (IOException e) {
                LOG.debug("Closing a connection to a session's daemon", e);
            }
        }
        ended.accept(this);
    }
}
