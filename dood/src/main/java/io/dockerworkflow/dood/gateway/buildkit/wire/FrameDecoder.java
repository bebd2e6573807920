package io.dockerworkflow.dood.gateway.buildkit.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Cuts the bytes of one direction of an HTTP/2 connection into whole frames. Those that go on as they are stay together: nobody
 * looks at more than their heads. Not safe for use by several threads.
 */
public final class FrameDecoder {
    /** What becomes of a frame. */
    public enum Verdict {
        /** It goes on as it is. */
        PASS,
        /** It is the taker's. */
        TAKE,
        /** Neither yet: nothing behind it is looked at before the bytes are fed again. */
        WAIT
    }

    /** Decides, and gets the frames. */
    public interface Taker {
        Verdict look(int type, int stream, int payload);

        /** Gets frames that pass, to be released. */
        void pass(ByteBuf frames);

        /** Gets a frame, whose bytes stay the cutter's. */
        void take(Http2Frame frame);
    }

    private final Taker taker;
    private ByteBuf begun = Unpooled.EMPTY_BUFFER;

    public FrameDecoder(Taker taker) {
        this.taker = taker;
    }

    /** Reads frames, and keeps the beginning of one that has begun; what is still there then has to wait. */
    public void feed(ByteBuf in) {
        if (begun.isReadable() && !completeBegun(in)) {
            return;
        }
        int passing = in.readerIndex();
        Verdict verdict = Verdict.PASS;
        while (isWhole(in)) {
            int at = in.readerIndex();
            verdict = look(in);
            if (verdict != Verdict.PASS) {
                pass(in, passing, at);
                if (verdict == Verdict.WAIT) {
                    return;
                }
                taker.take(Http2Frame.at(in, at));
            }
            in.skipBytes(lengthOf(in));
            if (verdict == Verdict.TAKE) {
                passing = in.readerIndex();
            }
        }
        pass(in, passing, in.readerIndex());
        if (in.isReadable()) {
            begun = in.alloc().buffer(lengthOf(in)).writeBytes(in);
        }
    }

    /** Forgets what has begun. */
    public void close() {
        begun.release();
        begun = Unpooled.EMPTY_BUFFER;
    }

    /** Whether nothing of a frame that had begun is left. */
    private boolean completeBegun(ByteBuf in) {
        fill(in, Http2Frame.HEAD);
        fill(in, lengthOf(begun));
        if (!isWhole(begun)) {
            return false;
        }
        Verdict verdict = look(begun);
        if (verdict == Verdict.WAIT) {
            return false;
        }
        if (verdict == Verdict.TAKE) {
            taker.take(Http2Frame.at(begun, begun.readerIndex()));
            close();
            return true;
        }
        ByteBuf frame = begun;
        begun = Unpooled.EMPTY_BUFFER;
        taker.pass(frame);
        return true;
    }

    private void fill(ByteBuf in, int length) {
        begun.writeBytes(in, Math.min(in.readableBytes(), Math.max(0, length - begun.readableBytes())));
    }

    /** The length of the frame that begins here, or that of a frame's head if there is no more. */
    private static int lengthOf(ByteBuf in) {
        int payload = in.readableBytes() < Http2Frame.HEAD ? 0 : Http2Frame.payloadAt(in, in.readerIndex());
        return Http2Frame.HEAD + payload;
    }

    private static boolean isWhole(ByteBuf in) {
        return in.readableBytes() >= lengthOf(in);
    }

    private Verdict look(ByteBuf in) {
        int at = in.readerIndex();
        return taker.look(Http2Frame.typeAt(in, at), Http2Frame.streamAt(in, at), Http2Frame.payloadAt(in, at));
    }

    private void pass(ByteBuf in, int from, int to) {
        if (to > from) {
            taker.pass(in.retainedSlice(from, to - from));
        }
    }
}
