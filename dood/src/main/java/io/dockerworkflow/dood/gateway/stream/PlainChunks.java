package io.dockerworkflow.dood.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;

/**
 * Where the chunks of a body begin and end. Reads them in the stead of Netty's decoder, which does not tell, so that a
 * {@link BodySplice} can go on where the decoder is. Knows chunks that have data and nothing else: the last chunk, extensions
 * and what is malformed are left to the decoder, which waits for a chunk's size all the while.
 */
public final class PlainChunks {
    /** Up to 256 MiB, more than anybody sends at once. */
    private static final int MAX_DIGITS = 7;

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int OTHER = 0;
    private static final int INCOMPLETE = -1;

    private boolean reading;
    private boolean drained;
    private int dataLeft;
    private int lineEndLeft;

    /** Looks at what the decoder has read: behind the head of a chunked message come chunks. */
    public void heard(List<Object> decoded) {
        if (!decoded.isEmpty()
                && decoded.get(decoded.size() - 1) instanceof HttpMessage head
                && head.decoderResult().isSuccess()
                && HttpUtil.isTransferEncodingChunked(head)) {
            reading = true;
            drained = true;
        }
    }

    /** Whether what comes next is of such chunks, as far as is known, and the decoder holds none of it back. */
    boolean canSkip() {
        return reading && drained;
    }

    /** How much of the chunk's data is still to come; zero between two chunks. */
    int dataLeft() {
        return dataLeft;
    }

    /** How much of the line end behind a chunk's data is still to come. */
    int lineEndLeft() {
        return lineEndLeft;
    }

    /**
     * Reads one piece of data, as far as there is one.
     *
     * @return false if what comes next is for the decoder
     */
    public boolean decode(ByteBuf in, List<Object> out) {
        if (!reading) {
            return false;
        }
        skipLineEnd(in);
        if (isBetween()) {
            int size = sizeAt(in);
            if (size == OTHER) {
                reading = false;
                return false;
            }
            begin(size, in);
        }
        int length = Math.min(dataLeft, in.readableBytes());
        if (length > 0) {
            out.add(new DefaultHttpContent(in.readRetainedSlice(length)));
            took(length);
        }
        drained = !in.isReadable();
        return true;
    }

    /**
     * Moves the reader index over whole chunks, and over the beginning of one at the end of the bytes. What stays is for
     * {@link #decode}.
     *
     * @param most how much data they may have
     * @return how much data was skipped
     */
    long skip(ByteBuf in, long most) {
        long skipped = 0;
        while (in.isReadable()) {
            skipLineEnd(in);
            if (isBetween()) {
                int size = sizeAt(in);
                if (size == OTHER || size > most - skipped) {
                    break;
                }
                begin(size, in);
                if (isBetween()) {
                    break;
                }
            }
            int length = Math.min(dataLeft, in.readableBytes());
            in.skipBytes(length);
            took(length);
            skipped += length;
        }
        return skipped;
    }

    private boolean isBetween() {
        return dataLeft == 0 && lineEndLeft == 0;
    }

    private void begin(int size, ByteBuf in) {
        if (size != INCOMPLETE) {
            in.readerIndex(in.indexOf(in.readerIndex(), in.writerIndex(), LINE_END[1]) + 1);
            dataLeft = size;
        }
    }

    private void took(int length) {
        dataLeft -= length;
        if (length > 0 && dataLeft == 0) {
            lineEndLeft = LINE_END.length;
        }
    }

    private void skipLineEnd(ByteBuf in) {
        while (lineEndLeft > 0 && in.isReadable()) {
            if (in.readByte() != LINE_END[LINE_END.length - lineEndLeft]) {
                throw new CorruptedFrameException("no line end behind a chunk's data");
            }
            lineEndLeft--;
        }
    }

    /** The size of the chunk that begins here, which has data and no extension. */
    private static int sizeAt(ByteBuf in) {
        int size = 0;
        int start = in.readerIndex();
        for (int i = start; i < in.writerIndex(); i++) {
            byte next = in.getByte(i);
            int digit = Character.digit(next, 16);
            if (digit >= 0 && i - start < MAX_DIGITS) {
                size = size << 4 | digit;
            } else if (next != LINE_END[0] || size == 0) {
                return OTHER;
            } else if (i + 1 < in.writerIndex()) {
                return in.getByte(i + 1) == LINE_END[1] ? size : OTHER;
            }
        }
        return INCOMPLETE;
    }
}
