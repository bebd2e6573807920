package io.dockerworkflow.dind;

import io.dockerworkflow.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays between a session's clients and its daemon, so that the clients' pulls, pushes and builds can be ended. A daemon
 * ends such work only when its client's connection ends. The relay changes no bytes. Safe for use by several threads;
 * whoever opens it closes it.
 */
final class ClientRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientRelay.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Path socket;
    private final Path daemon;
    private final ServerSocketChannel server;
    private final ExecutorService threads;
    private final Set<RelayedConnection> connections = ConcurrentHashMap.newKeySet();

    private ClientRelay(Path socket, Path daemon, ServerSocketChannel server, String name) {
        this.socket = socket;
        this.daemon = daemon;
        this.server = server;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens a relay; clients can connect when this returns.
     *
     * @param socket the path that clients connect to; nothing exists there yet
     * @param daemon the path that the daemon listens on
     * @param name the threads' name
     */
    static ClientRelay open(Path socket, Path daemon, String name) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(socket));
                ClientRelay relay = new ClientRelay(socket, daemon, server, name);
                relay.threads.execute(relay::accept);
                return relay;
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("listen on " + socket, e);
        }
    }

    /** The endpoint for clients. */
    Endpoint.UnixSocket endpoint() {
        return new Endpoint.UnixSocket(socket);
    }

    /** Ends the clients' current pulls, pushes and builds. New ones may begin. */
    void cancel() {
        connections.forEach(RelayedConnection::endWork);
    }

    private void accept() {
        while (true) {
            try {
                connect(server.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // For example, no descriptors are left. Nothing signals when there are some again.
                LOG.debug("Cannot accept a client of a session's daemon", e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void connect(SocketChannel client) throws IOException {
        SocketChannel other;
        try {
            other = SocketChannel.open(UnixDomainSocketAddress.of(daemon));
        } catch (IOException e) {
            // Same as without a relay: a dead daemon accepts no connections.
            LOG.debug("A session's daemon cannot be reached", e);
            client.close();
            return;
        }
        RelayedConnection connection = new RelayedConnection(client, other, connections::remove);
        connections.add(connection);
        connection.start(threads);
        if (!server.isOpen()) {
            connection.close();
        }
    }

    /** Ends all connections. Idempotent. */
    @Override
    public void close() throws IOException {
        server.close();
        connections.forEach(RelayedConnection::close);
        threads.shutdown();
        Files.deleteIfExists(socket);
    }
}
