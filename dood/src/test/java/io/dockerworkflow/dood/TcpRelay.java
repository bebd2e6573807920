package io.dockerworkflow.dood;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A port on loopback that leads to a Unix socket, for clients that know no such sockets. */
final class TcpRelay implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path socket;

    TcpRelay(Path socket) throws IOException {
        this.socket = socket;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::accept);
    }

    int port() {
        return server.socket().getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                SocketChannel there = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                start(() -> copy(client, there));
                start(() -> copy(there, client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** Passes on one direction, and its end as the end of that direction only. */
    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            try (from;
                    to) {
                // one side is gone, so the other goes too
            } catch (IOException suppressed) {
                // gone already
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
