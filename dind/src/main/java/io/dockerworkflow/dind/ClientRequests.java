package io.dockerworkflow.dind;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Recognises the purpose of a client's connection from the bytes that the client sends: HTTP/1.1 requests, one after the
 * other, until one turns the connection into a stream. Parses only as much as it needs to find the end of a request. One
 * thread writes; any thread may read {@link #working()}.
 */
final class ClientRequests {
    /** Requests that a daemon works on until its client disconnects. No other signal stops it. */
    private static final Pattern WORK = Pattern.compile(
            "POST (?:/v[0-9.]+)?/(?:build|session|grpc|images/create|images/.+/push)(?:\\?.*)? HTTP/1\\.1");

    /** Requests that turn the connection into a stream, with or without an upgrade. */
    private static final Pattern STREAM = Pattern.compile(
            "POST (?:/v[0-9.]+)?/(?:session|grpc|containers/[^/]+/attach|exec/[^/]+/start)(?:\\?.*)? HTTP/1\\.1");

    private static final Pattern LENGTH = Pattern.compile("content-length:\\s*(\\d{1,18})\\s*");
    private static final Pattern CHUNKED = Pattern.compile("transfer-encoding:.*\\bchunked\\s*");
    private static final Pattern UPGRADE = Pattern.compile("upgrade:.*");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-f]{1,15})\\s*(?:;.*)?");

    /** Longer than any line that a daemon accepts. After such a line, the daemon decides. */
    private static final int LONGEST_LINE = 1 << 20;

    private enum Part {
        REQUEST_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        TRAILERS,
        STREAM
    }

    private final StringBuilder line = new StringBuilder();
    private Part part = Part.REQUEST_LINE;
    private long left;
    private boolean chunked;
    private boolean stream;
    private volatile boolean working;

    /** Whether the current or the last request is work that ends only with the connection. */
    boolean working() {
        return working;
    }

    /** Reads bytes that the client has sent; leaves the buffer empty. */
    void accept(ByteBuffer sent) {
        while (sent.hasRemaining()) {
            switch (part) {
                case STREAM -> sent.position(sent.limit());
                case BODY -> skip(sent, Part.REQUEST_LINE);
                case CHUNK_DATA -> skip(sent, Part.CHUNK_SIZE);
                default -> take((char) (sent.get() & 0xff));
            }
        }
    }

    private void skip(ByteBuffer sent, Part next) {
        int skipped = (int) Math.min(left, sent.remaining());
        sent.position(sent.position() + skipped);
        left -= skipped;
        if (left == 0) {
            part = next;
        }
    }

    private void take(char c) {
        if (c != '\n') {
            line.append(c);
            if (line.length() > LONGEST_LINE) {
                part = Part.STREAM;
            }
            return;
        }
        String text = line.toString().stripTrailing();
        line.setLength(0);
        switch (part) {
            case REQUEST_LINE -> requestLine(text);
            case HEADERS -> header(text.toLowerCase(Locale.ROOT));
            case CHUNK_SIZE -> chunkSize(text.toLowerCase(Locale.ROOT));
            case TRAILERS -> part = text.isEmpty() ? Part.REQUEST_LINE : Part.TRAILERS;
            default -> throw new IllegalStateException("no lines in " + part);
        }
    }

    private void requestLine(String text) {
        if (text.isEmpty()) {
            return; // Allowed between requests.
        }
        working = WORK.matcher(text).matches();
        stream = STREAM.matcher(text).matches();
        chunked = false;
        left = 0;
        part = Part.HEADERS;
    }

    private void header(String text) {
        if (!text.isEmpty()) {
            var length = LENGTH.matcher(text);
            if (length.matches()) {
                left = Long.parseLong(length.group(1));
            }
            chunked |= CHUNKED.matcher(text).matches();
            stream |= UPGRADE.matcher(text).matches();
        } else if (stream) {
            part = Part.STREAM;
        } else if (chunked) {
            part = Part.CHUNK_SIZE;
        } else {
            part = left > 0 ? Part.BODY : Part.REQUEST_LINE;
        }
    }

    private void chunkSize(String text) {
        var size = CHUNK.matcher(text);
        if (text.isEmpty()) {
            return; // The end of the previous chunk.
        }
        if (!size.matches()) {
            part = Part.STREAM;
            return;
        }
        left = Long.parseLong(size.group(1), 16);
        part = left > 0 ? Part.CHUNK_DATA : Part.TRAILERS;
    }
}
