package io.dockerworkflow.examples.benchmark.gateway;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the same request, or the same few in turn, again and again over one connection, with as little work of its own as can be.
 * Not for use by several threads.
 */
final class KeepAliveClient implements Closeable {
    static final KeepAliveClient CLOSED = new KeepAliveClient(null, "/");

    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKS_END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ANSWER = 4 * 1024 * 1024;

    private final @Nullable SocketChannel channel;
    private final List<ByteBuffer> requests;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] bytes = new byte[MAX_ANSWER];
    private int turn;

    /**
     * A client of an open connection.
     *
     * @param targets what to ask for; several have blanks between them
     */
    KeepAliveClient(@Nullable SocketChannel channel, String targets) {
        this.channel = channel;
        this.requests =
                Stream.of(targets.split(" ")).map(KeepAliveClient::request).toList();
    }

    private static ByteBuffer request(String target) {
        byte[] text = ("GET " + target + " HTTP/1.1\r\nHost: docker\r\nUser-Agent: bench\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(text.length).put(text);
    }

    /**
     * Sends the next request and reads the whole answer.
     *
     * @return the number of its bytes
     * @throws IOException if it is not a complete "200 OK"
     */
    int get() throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            throw new IOException("not connected");
        }
        ByteBuffer request = requests.get(turn++ % requests.size());
        request.flip();
        while (request.hasRemaining()) {
            open.write(request);
        }
        int size = 0;
        int head = -1;
        int expected = -1;
        while (true) {
            size = read(open, size);
            if (head < 0) {
                head = indexOf(HEAD_END, size);
                expected = head < 0 ? -1 : expected(head);
            }
            if (head >= 0 && (expected >= 0 ? size >= expected : endsWith(CHUNKS_END, size))) {
                return size;
            }
        }
    }

    private int read(SocketChannel open, int size) throws IOException {
        answer.clear();
        int count = open.read(answer);
        if (count < 0) {
            throw new IOException("the answer ends after " + size + " bytes");
        }
        answer.flip().get(bytes, size, count);
        return size + count;
    }

    /** The size of the whole answer; -1 if it comes in chunks. */
    private int expected(int head) throws IOException {
        if (!startsWith(OK)) {
            throw new IOException("not OK: " + new String(bytes, 0, head, StandardCharsets.US_ASCII));
        }
        String text = new String(bytes, 0, head, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        int length = text.indexOf("\r\ncontent-length:");
        if (length < 0) {
            return -1;
        }
        int from = text.indexOf(':', length) + 1;
        int to = text.indexOf('\r', from);
        return head
                + HEAD_END.length
                + Integer.parseInt(
                        text.substring(from, to < 0 ? text.length() : to).strip());
    }

    private int indexOf(byte[] wanted, int size) {
        for (int i = 0; i + wanted.length <= size; i++) {
            if (matches(wanted, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean startsWith(byte[] wanted) {
        return matches(wanted, 0);
    }

    private boolean endsWith(byte[] wanted, int size) {
        return size >= wanted.length && matches(wanted, size - wanted.length);
    }

    private boolean matches(byte[] wanted, int at) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
