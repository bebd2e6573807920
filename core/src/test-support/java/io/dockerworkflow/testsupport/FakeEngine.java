package io.dockerworkflow.testsupport;

import io.dockerworkflow.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Says one thing to whoever connects: what no real engine can be made to say. */
public final class FakeEngine implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel server;

    private FakeEngine(Path socket, String answer) throws IOException {
        this.socket = socket;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(() -> serve(answer));
        thread.setDaemon(true);
        thread.start();
    }

    public static FakeEngine saying(Path socket, String answer) throws IOException {
        return new FakeEngine(socket, answer);
    }

    public static FakeEngine ofVersions(Path socket, String engine, String oldest, String newest) throws IOException {
        String body =
                "{\"Platform\":{\"Name\":\"x\"},\"Version\":\"%s\",\"ApiVersion\":\"%s\",\"MinAPIVersion\":\"%s\"}"
                        .formatted(engine, newest, oldest);
        return saying(
                socket,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body);
    }

    public Endpoint endpoint() {
        return new Endpoint.UnixSocket(socket);
    }

    private void serve(String answer) {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    client.read(ByteBuffer.allocate(8192));
                    if (answer.isEmpty()) {
                        client.read(ByteBuffer.allocate(1)); // until the client gives up
                    }
                    client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    @Override
    public void close() throws IOException {
        server.close(); // with it ends the thread
    }
}
