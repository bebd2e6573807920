package io.dockerworkflow.dood.gateway.stream;

import io.dockerworkflow.dood.gateway.socket.SocketPump;
import io.dockerworkflow.dood.gateway.socket.UnixChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The short way for long stretches of a body that nothing changes, such as the layers of an image: from one Unix socket to
 * the other, past decoder and encoder, with the chunks that the sender has made. Lives on the event loop of both channels.
 */
public final class BodySplice {
    /** Shorter stretches, and the beginning of each body, are left to the pipelines. */
    private static final long WORTHWHILE = 1024 * 1024;

    private final PlainChunks chunks;
    private final UnixChannel to;
    private final ByteTransform transform;
    private final LongConsumer watch;
    private final SocketPump pump;
    private long seen;
    private int unwanted;

    private BodySplice(
            UnixChannel from, PlainChunks chunks, UnixChannel to, ByteTransform transform, LongConsumer watch) {
        this.chunks = chunks;
        this.to = to;
        this.transform = transform;
        this.watch = watch;
        this.pump = new SocketPump(from, to, this::pass);
    }

    /**
     * A splice, not open yet.
     *
     * @param chunks those of what comes from there
     * @param transform what the bytes go through otherwise
     * @param watch hears of the data that took the short way
     * @return empty if a channel is no Unix socket
     */
    public static Optional<BodySplice> between(
            Channel from, PlainChunks chunks, Channel to, ByteTransform transform, LongConsumer watch) {
        return from instanceof UnixChannel in && to instanceof UnixChannel out
                ? Optional.of(new BodySplice(in, chunks, out, transform, watch))
                : Optional.empty();
    }

    /** So much data has gone the long way. */
    public void seen(int bytes) {
        seen += bytes;
    }

    /** Opens if it is worthwhile. Called when all that was read is passed on and flushed. */
    public void openIfWorthwhile() {
        if (pump.isOpen()
                || seen < WORTHWHILE
                || !chunks.canSkip()
                || transform.unchanged() < Math.max(WORTHWHILE, chunks.dataLeft())) {
            return;
        }
        // What came of the last chunk went on as a chunk of its own, whose line end was sent.
        unwanted = chunks.lineEndLeft();
        if (chunks.dataLeft() > 0) {
            // So does what is still to come of it.
            pump.write(ByteBufUtil.writeAscii(to.alloc(), Integer.toHexString(chunks.dataLeft()) + "\r\n"));
        }
        pump.open();
    }

    /** What comes from now on goes the long way. Idempotent. */
    public void end() {
        pump.end();
    }

    private void pass(ByteBuf bytes, SocketPump pump) {
        int skipped = Math.min(unwanted, bytes.readableBytes());
        unwanted -= skipped;
        int start = bytes.readerIndex() + skipped;
        long data = chunks.skip(bytes, transform.unchanged());
        transform.passed(data);
        watch.accept(data);
        int length = bytes.readerIndex() - start;
        if (length > 0) {
            pump.write(bytes.retainedSlice(start, length));
        }
    }
}
