package io.dockerworkflow.dood.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads and writes HTTP/1.1 on a blocking socket without Netty, so that tests judge what the gateway's Netty says. */
public final class Wire implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    public Wire(SocketChannel channel) {
        this.channel = channel;
        // Not Channels.newInputStream: until JDK 19 a read by it would block a write by another thread.
        this.in = new BufferedInputStream(new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return channel.read(ByteBuffer.wrap(bytes, from, length));
            }
        });
    }

    /**
     * What stands before a body.
     *
     * @param line the first line
     * @param headers the others, with names in any case; of equal names the last
     */
    public record Head(String line, Map<String, String> headers) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** The next message's head; empty if there is none. */
    Optional<Head> head() throws IOException {
        Optional<String> first = line();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        while (true) {
            String line = line().orElseThrow(() -> new EOFException("the head is broken off"));
            if (line.isEmpty()) {
                return Optional.of(new Head(first.get(), headers));
            }
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
    }

    /** The body behind that head, by its length or its chunks; none if it has neither. */
    public byte[] body(Head head) throws IOException {
        if (!head.header("Transfer-Encoding").equals("chunked")) {
            String length = head.header("Content-Length");
            return length.isEmpty() ? new byte[0] : exactly(Integer.parseInt(length));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            body.writeBytes(chunk);
        }
        return body.toByteArray();
    }

    /** The next chunk; the last one is empty. */
    public byte[] chunk() throws IOException {
        String size = line().orElseThrow(() -> new EOFException("the chunks are broken off"));
        byte[] chunk = exactly(Integer.parseInt(size.split(";")[0], 16));
        String end = line().orElseThrow(() -> new EOFException("a chunk is broken off"));
        if (!end.isEmpty()) {
            throw new IOException("no line end behind a chunk but " + end);
        }
        return chunk;
    }

    public byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** All that comes until the other side ends its output, a char for a byte. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** Sends no more, and still reads. */
    public void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() > 0) {
                    throw new EOFException("a line is broken off: " + line);
                }
                return Optional.empty();
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return Optional.of(line.toString(StandardCharsets.ISO_8859_1));
    }
}
