package io.dockerworkflow.dood.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A port on loopback that leads to a Unix socket, for clients that know no such sockets. */
public final class TcpRelay implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path socket;
    private final UnaryOperator<String> change;

    public TcpRelay(Path socket) throws IOException {
        this(socket, UnaryOperator.identity());
    }

    /** @param change of what the client sends: of each piece, a char for a byte */
    public TcpRelay(Path socket, UnaryOperator<String> change) throws IOException {
        this.socket = socket;
        this.change = change;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::accept);
    }

    public int port() {
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
                start(() -> copy(client, there, change));
                start(() -> copy(there, client, UnaryOperator.identity()));
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** Passes on one direction, and its end as the end of that direction only. */
    private static void copy(SocketChannel from, SocketChannel to, UnaryOperator<String> change) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(buffer) >= 0) {
                String read = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
                ByteBuffer changed = ByteBuffer.wrap(change.apply(read).getBytes(StandardCharsets.ISO_8859_1));
                while (changed.hasRemaining()) {
                    to.write(changed);
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
