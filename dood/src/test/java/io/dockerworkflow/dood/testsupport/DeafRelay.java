package io.dockerworkflow.dood.testsupport;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a session and its engine, and can end the streams of events alone. */
public final class DeafRelay implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path engine;
    private final List<SocketChannel> listening = new CopyOnWriteArrayList<>();
    private volatile boolean deaf;

    private DeafRelay(Path socket, Path engine) throws IOException {
        this.engine = engine;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        start(this::accept);
    }

    public static DeafRelay open(Path socket, Path engine) throws IOException {
        return new DeafRelay(socket, engine);
    }

    /** Ends all streams of events, and lets none begin. */
    public void deafen() throws IOException {
        deaf = true;
        for (SocketChannel channel : listening) {
            channel.close();
        }
        listening.clear();
    }

    public void hear() {
        deaf = false;
    }

    public boolean isListening() {
        return !listening.isEmpty();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // the other side is closed, or the relay is
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            SocketChannel client = server.accept();
            SocketChannel behind = SocketChannel.open(UnixDomainSocketAddress.of(engine));
            start(() -> requests(client, behind));
            start(() -> pump(behind, client));
        }
    }

    private void requests(SocketChannel client, SocketChannel behind) throws IOException {
        // Not the channels' streams: one that reads keeps another of the same channel from writing.
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        while (client.read(buffer.clear()) >= 0) {
            buffer.flip();
            String text = StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
            if (text.matches("(?s)GET /v[0-9.]+/events.*")) {
                if (deaf) {
                    client.close();
                    behind.close();
                    return;
                }
                listening.add(client);
            }
            write(buffer, behind);
        }
        behind.shutdownOutput();
    }

    private static void pump(SocketChannel from, SocketChannel to) throws IOException {
        try (from;
                to) {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            while (from.read(buffer.clear()) >= 0) {
                write(buffer.flip(), to);
            }
        }
    }

    private static void write(ByteBuffer buffer, SocketChannel to) throws IOException {
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
