package io.dockerworkflow.internal.step;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of one stream's bytes, as they come. A line ends with LF, CR LF or CR: a progress bar, which rewrites its line
 * after each CR, is so seen while it moves. What is not UTF-8 becomes U+FFFD. For one thread.
 */
public final class LineSplitter {
    private static final int CHUNK = 8192;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final CharBuffer chars = CharBuffer.allocate(CHUNK);
    private final StringBuilder pending = new StringBuilder();
    private final SecretMask mask;
    private final int longestLine;
    private final Consumer<String> lines;
    private ByteBuffer undecoded = ByteBuffer.allocate(0);
    /** By a CR, so that a LF right behind it belongs to the same end. */
    private boolean lineEnded;

    /**
     * Splits into lines.
     *
     * @param mask what is replaced in each line
     * @param longestLine how many characters a line may have; longer ones come in pieces
     * @param lines gets the lines without their ends
     */
    public LineSplitter(SecretMask mask, int longestLine, Consumer<String> lines) {
        this.mask = mask;
        this.longestLine = longestLine;
        this.lines = lines;
    }

    /** The next bytes of the stream. */
    public void accept(byte[] bytes, int offset, int length) {
        decode(ByteBuffer.wrap(bytes, offset, length), false);
    }

    /** The stream is at its end: what came behind the last line's end is a line as well. */
    public void finish() {
        decode(ByteBuffer.allocate(0), true);
        decoder.flush(chars);
        split();
        if (pending.length() > 0) {
            emit();
        }
    }

    private void decode(ByteBuffer bytes, boolean last) {
        ByteBuffer in = joined(bytes);
        while (decoder.decode(in, chars, last).isOverflow()) {
            split();
        }
        split();
        // A character that the engine's frames cut in two: at most three bytes.
        undecoded = ByteBuffer.allocate(in.remaining()).put(in).flip();
    }

    private ByteBuffer joined(ByteBuffer bytes) {
        if (!undecoded.hasRemaining()) {
            return bytes;
        }
        return ByteBuffer.allocate(undecoded.remaining() + bytes.remaining())
                .put(undecoded)
                .put(bytes)
                .flip();
    }

    private void split() {
        chars.flip();
        int start = 0;
        for (int i = 0; i < chars.limit(); i++) {
            char c = chars.get(i);
            if (c != '\n' && c != '\r') {
                lineEnded = false;
                continue;
            }
            pending.append(chars, start, i);
            start = i + 1;
            boolean bare = pending.isEmpty();
            if (c == '\n' ? !(bare && lineEnded) : !bare) {
                emit();
            }
            // A CR that ended nothing leaves an empty line's LF to come.
            lineEnded = c == '\r' && (lineEnded || !bare);
        }
        pending.append(chars, start, chars.limit());
        chars.clear();
        cut();
    }

    private void emit() {
        String line = mask.mask(pending.toString());
        pending.setLength(0);
        int start = 0;
        while (line.length() - start > longestLine) {
            int end = whole(line, start + longestLine);
            lines.accept(line.substring(start, end));
            start = end;
        }
        lines.accept(line.substring(start));
    }

    /** Emits all of a too long line but its end, in which a secret may have begun. */
    private void cut() {
        while (pending.length() > longestLine + mask.longest()) {
            String masked = mask.mask(pending.toString());
            pending.setLength(0);
            pending.append(masked);
            if (masked.length() <= longestLine + mask.longest()) {
                return;
            }
            int end = whole(masked, longestLine);
            lines.accept(masked.substring(0, end));
            pending.delete(0, end);
        }
    }

    /** That end, or one less where it would tear a pair of surrogates. */
    private static int whole(String text, int end) {
        return end > 1 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }
}
