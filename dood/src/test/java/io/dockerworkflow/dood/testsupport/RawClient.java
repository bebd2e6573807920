package io.dockerworkflow.dood.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends bytes to a socket as they are, which no proper client would. */
public final class RawClient {
    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 (\\d{3})[^\r\n]*\r\n(.*?)\r\n\r\n(.*)", Pattern.DOTALL);

    private final Path socket;

    public RawClient(Path socket) {
        this.socket = socket;
    }

    /**
     * What came back.
     *
     * @param text all of it, a char for a byte
     * @param closed whether the other side closed the connection in time
     */
    public record Outcome(String text, boolean closed) {
        public Outcome {
            text = text.replace("HTTP/1.1 100 Continue\r\n\r\n", "");
        }

        /** The first answer's status; empty if there is no whole head. */
        public Optional<Integer> status() {
            Matcher matcher = HEAD.matcher(text);
            return matcher.matches() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
        }

        public Optional<String> header(String name) {
            return Pattern.compile("\r\n" + Pattern.quote(name) + ": *([^\r\n]*)", Pattern.CASE_INSENSITIVE)
                    .matcher(text)
                    .results()
                    .map(match -> match.group(1))
                    .findFirst();
        }

        public String body() {
            Matcher matcher = HEAD.matcher(text);
            return matcher.matches() ? matcher.group(3) : "";
        }

        public long answers() {
            return Pattern.compile("HTTP/1\\.1 \\d{3} ").matcher(text).results().count();
        }
    }

    /** One proper request, on a connection of its own. */
    public Outcome request(String method, String target, Map<String, String> headers, String body) {
        StringBuilder request =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        if (!body.isEmpty() || method.equals("POST") || method.equals("PUT")) {
            request.append("Content-Length: ").append(content.length).append("\r\n");
        }
        return send(
                request.append("\r\n")
                        .append(new String(content, StandardCharsets.ISO_8859_1))
                        .toString()
                        .getBytes(StandardCharsets.ISO_8859_1),
                false,
                Duration.ofSeconds(20));
    }

    /**
     * Sends bytes and reads until the other side closes or the time is over.
     *
     * @param halfClose whether to say after the bytes that there are no more
     */
    public Outcome send(byte[] bytes, boolean halfClose, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocate(64 * 1024);
        ByteBuffer out = ByteBuffer.wrap(bytes);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            while (true) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return new Outcome(received.toString(StandardCharsets.ISO_8859_1), false);
                }
                selector.select(left);
                selector.selectedKeys().clear();
                if (key.isWritable()) {
                    try {
                        channel.write(out);
                    } catch (IOException e) {
                        out.position(out.limit()); // refused before all of it was read; the answer may be there still
                    }
                    if (!out.hasRemaining()) {
                        key.interestOps(SelectionKey.OP_READ);
                        if (halfClose) {
                            channel.shutdownOutput();
                        }
                    }
                }
                if (key.isReadable()) {
                    int count = read(channel, in);
                    if (count < 0) {
                        return new Outcome(received.toString(StandardCharsets.ISO_8859_1), true);
                    }
                    received.write(in.array(), 0, in.position());
                    in.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int read(SocketChannel channel, ByteBuffer in) {
        try {
            return channel.read(in);
        } catch (IOException e) {
            return -1; // reset is one way of closing
        }
    }
}
