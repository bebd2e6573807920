package io.dockerworkflow.dind;

import io.dockerworkflow.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Makes the engine behind a Unix socket reachable at a port of the loopback interface. */
final class TcpRelay implements AutoCloseable {
    private final Path target;
    private final ServerSocketChannel server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tcp-relay");
        thread.setDaemon(true);
        return thread;
    });

    private TcpRelay(Path target, ServerSocketChannel server) {
        this.target = target;
        this.server = server;
    }

    static TcpRelay to(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        TcpRelay relay = new TcpRelay(socket, server);
        relay.threads.execute(relay::accept);
        return relay;
    }

    Endpoint endpoint() throws IOException {
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        return new Endpoint.Tcp("127.0.0.1", port, Optional.empty());
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                SocketChannel engine = SocketChannel.open(StandardProtocolFamily.UNIX);
                engine.connect(UnixDomainSocketAddress.of(target));
                threads.execute(() -> copy(client, engine));
                threads.execute(() -> copy(engine, client));
            }
        } catch (IOException e) {
            // close() was called.
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // One side has ended: so does the connection.
        }
    }
}
