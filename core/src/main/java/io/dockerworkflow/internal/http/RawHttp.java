package io.dockerworkflow.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1.1 request and its response on a connection that is used for nothing else. */
public final class RawHttp {
    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_HEADERS = 200;

    private RawHttp() {}

    /**
     * Sends a request without a body and reads the response's head.
     *
     * @param connection a connection on which nothing was sent yet
     * @param method the method
     * @param path the path and query, encoded
     * @param headers headers beside {@code Host}
     * @throws IOException if the connection fails, or what came is not HTTP
     */
    public static Response request(RawConnection connection, String method, String path, Map<String, String> headers)
            throws IOException {
        connection.output().write(head(method, path, headers));
        return responseHead(connection.input());
    }

    /**
     * Sends a request with a body and reads the response's head.
     *
     * @param connection a connection on which nothing was sent yet
     * @param method the method
     * @param path the path and query, encoded
     * @param headers headers beside {@code Host} and {@code Content-Length}
     * @param body the body
     * @throws IOException if the connection fails, or what came is not HTTP
     */
    public static Response request(
            RawConnection connection, String method, String path, Map<String, String> headers, byte[] body)
            throws IOException {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Content-Length", Integer.toString(body.length));
        byte[] head = head(method, path, all);
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        // In one write: who has answered after the head alone may have closed the connection before a second one.
        connection.output().write(whole);
        return responseHead(connection.input());
    }

    private static byte[] head(String method, String path, Map<String, String> headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: docker\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Response responseHead(InputStream in) throws IOException {
        String statusLine = line(in);
        String[] words = statusLine.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9][0-9]")) {
            throw new NotHttpException(statusLine);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() == MAX_HEADERS) {
                throw new NotHttpException(line);
            }
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return new Response(Integer.parseInt(words[1]), headers, in);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() > 0) {
                    throw new NotHttpException(text(line));
                }
                throw new EOFException("the connection was closed without an answer");
            }
            if (line.size() == MAX_LINE) {
                throw new NotHttpException(text(line).substring(0, 80));
            }
            line.write(next);
        }
        String text = text(line);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /**
     * A response whose body has not been read.
     *
     * @param status the status code
     * @param headers the headers; names in any case
     * @param rest what comes behind the head, as it is on the wire
     */
    public record Response(int status, Map<String, String> headers, InputStream rest) {

        /**
         * Reads the body.
         *
         * @param limit how many bytes to read at most
         */
        public byte[] body(int limit) throws IOException {
            return stream().readNBytes(limit);
        }

        /** The body as it comes. To be asked for once. */
        public InputStream stream() throws IOException {
            String encoding = headers.getOrDefault("Transfer-Encoding", "");
            if (encoding.toLowerCase(Locale.ROOT).contains("chunked")) {
                return new Body(rest, true, 0);
            }
            String length = headers.get("Content-Length");
            return length == null ? rest : new Body(rest, false, number(length, 10));
        }
    }

    private static int number(String digits, int radix) throws NotHttpException {
        try {
            return Integer.parseUnsignedInt(digits.strip(), radix) & Integer.MAX_VALUE;
        } catch (NumberFormatException e) {
            throw new NotHttpException(digits);
        }
    }

    /** So many bytes, or chunks. */
    private static final class Body extends InputStream {
        private final InputStream rest;
        private boolean moreChunks;
        private boolean begun;
        private int left;

        private Body(InputStream rest, boolean chunks, int left) {
            this.rest = rest;
            this.moreChunks = chunks;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0 && moreChunks) {
                nextChunk();
            }
            if (left == 0) {
                return -1;
            }
            int read = rest.read(bytes, offset, Math.min(length, left));
            if (read < 0) {
                throw new EOFException("the connection was closed in the middle of an answer");
            }
            left -= read;
            return read;
        }

        private void nextChunk() throws IOException {
            if (begun) {
                line(rest);
            }
            begun = true;
            left = number(line(rest).split(";", 2)[0], 16);
            moreChunks = left > 0;
        }
    }

    /** What came is not HTTP/1. */
    public static final class NotHttpException extends IOException {
        private static final long serialVersionUID = 1L;

        NotHttpException(String said) {
            super(said);
        }
    }
}
