package io.dockerworkflow.dood.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The short way for long stretches of a body that nothing changes, such as the layers of an image: from one Unix socket to
 * the other, past decoder and encoder, with the chunks that the sender has made. It costs a young JVM a third of the
 * processor time, most of which was its compiler's. Lives on the event loop of both channels.
 */
final class Passage implements UnixChannel.Bypass {

    /** What decodes where the bytes come from. */
    interface Source {
        PlainChunks chunks();

        /** Whether all bytes are decoded that have been read. */
        boolean isDrained();
    }

    /** Shorter stretches, and the beginning of each body, are left to the pipelines. */
    private static final long WORTHWHILE = 1024 * 1024;

    /** Then other connections have their turn. */
    private static final int READS = 16;

    private final UnixChannel from;
    private final Source source;
    private final UnixChannel to;
    private final ByteTransform transform;
    private final LongConsumer watch;
    private long seen;
    private int unwanted;
    private boolean open;

    private Passage(UnixChannel from, Source source, UnixChannel to, ByteTransform transform, LongConsumer watch) {
        this.from = from;
        this.source = source;
        this.to = to;
        this.transform = transform;
        this.watch = watch;
    }

    /**
     * A passage, not open yet.
     *
     * @param transform what the bytes go through otherwise
     * @param watch hears of the data that took the short way
     * @return empty if a channel is no Unix socket
     */
    static Optional<Passage> between(
            Channel from, Source source, Channel to, ByteTransform transform, LongConsumer watch) {
        return from instanceof UnixChannel in && to instanceof UnixChannel out
                ? Optional.of(new Passage(in, source, out, transform, watch))
                : Optional.empty();
    }

    /** So much data has gone the long way. */
    void seen(int bytes) {
        seen += bytes;
    }

    /** Opens if it is worthwhile. Called when all that was read is passed on and flushed. */
    void openIfWorthwhile() {
        PlainChunks chunks = source.chunks();
        if (open
                || seen < WORTHWHILE
                || !chunks.isReading()
                || transform.unchanged() < Math.max(WORTHWHILE, chunks.dataLeft())
                || !source.isDrained()) {
            return;
        }
        // What came of the last chunk went on as a chunk of its own, whose line end was sent.
        unwanted = chunks.lineEndLeft();
        if (chunks.dataLeft() > 0) {
            // So does what is still to come of it.
            write(ByteBufUtil.writeAscii(to.alloc(), Integer.toHexString(chunks.dataLeft()) + "\r\n"));
        }
        open = true;
        from.bypass(this);
    }

    /** What comes from now on goes the long way. */
    void end() {
        if (open) {
            open = false;
            from.endBypass();
        }
    }

    @Override
    public boolean read(SocketChannel socket) throws IOException {
        for (int i = 0; i < READS && from.config().isAutoRead(); i++) {
            ByteBuf bytes = from.alloc().directBuffer(SocketTuning.MAX_READ);
            try {
                int read = bytes.writeBytes(socket, SocketTuning.MAX_READ);
                if (read < 0) {
                    end();
                    return false;
                }
                if (read == 0) {
                    return true;
                }
                pass(bytes);
                if (bytes.isReadable()) {
                    end();
                    from.pipeline().fireChannelRead(bytes.retain());
                    return true;
                }
            } finally {
                bytes.release();
            }
        }
        return true;
    }

    private void pass(ByteBuf bytes) {
        int skipped = Math.min(unwanted, bytes.readableBytes());
        unwanted -= skipped;
        int start = bytes.readerIndex() + skipped;
        long data = source.chunks().skip(bytes, transform.unchanged());
        transform.passed(data);
        watch.accept(data);
        int length = bytes.readerIndex() - start;
        if (length > 0) {
            write(bytes.retainedSlice(start, length));
        }
    }

    /** What the receiver does not take now waits in its channel, and the sender with it. */
    private void write(ByteBuf bytes) {
        ChannelFuture written = to.writeBypassing(bytes);
        if (!written.isDone()) {
            from.config().setAutoRead(false);
            written.addListener(any -> from.config().setAutoRead(true));
        }
    }
}
