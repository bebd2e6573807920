package io.dockerworkflow.dood.testsupport;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A connection of a client that may send anything. Reads block; a test with a time limit interrupts them. */
public final class GatewayClient implements AutoCloseable {
    private final Wire wire;

    private GatewayClient(Wire wire) {
        this.wire = wire;
    }

    static GatewayClient of(Path socket) throws IOException {
        return new GatewayClient(new Wire(SocketChannel.open(UnixDomainSocketAddress.of(socket))));
    }

    /**
     * An answer.
     *
     * @param head its head
     * @param body its body, without the chunks that it may have come in
     */
    public record Answer(Wire.Head head, String body) {
        public int status() {
            return Integer.parseInt(head.line().split(" ")[1]);
        }

        public String header(String name) {
            return head.header(name);
        }

        /** The body with single quotes, without the line's end. */
        public String json() {
            return body.strip().replace('"', '\'');
        }
    }

    public Wire wire() {
        return wire;
    }

    /** Sends a request without a body. */
    public GatewayClient ask(String method, String target) throws IOException {
        wire.send(method + " " + target + " HTTP/1.1\r\nHost: docker\r\n\r\n");
        return this;
    }

    /** Sends a request with a body. */
    public GatewayClient ask(String method, String target, String json) throws IOException {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        wire.send(method + " " + target
                + " HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\n\r\n");
        wire.send(body);
        return this;
    }

    public Answer get(String target) throws IOException {
        return ask("GET", target).answer();
    }

    /** The next answer. */
    public Answer answer() throws IOException {
        Wire.Head head = head();
        return new Answer(head, new String(wire.body(head), StandardCharsets.UTF_8));
    }

    /** The next answer's head, whose body is left to be read, or has none. */
    public Wire.Head head() throws IOException {
        return wire.head().orElseThrow(() -> new IOException("the gateway closed the connection"));
    }

    /** Whether the gateway has closed the connection, without another byte. Waits for either. */
    public boolean isEnded() throws IOException {
        return wire.rest().isEmpty();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
