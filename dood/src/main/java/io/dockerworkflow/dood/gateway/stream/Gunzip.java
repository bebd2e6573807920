package io.dockerworkflow.dood.gateway.stream;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Unpacks a stream that turns out to be gzip before another transform sees it. */
public final class Gunzip implements ByteTransform {
    private static final int MAX_PIECE = 1024 * 1024;
    private static final int MARK = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Gunzip.class);

    private final ByteTransform next;
    private @Nullable EmbeddedChannel decoder;
    /** Too little to tell what it is. */
    private ByteBuf start = Unpooled.EMPTY_BUFFER;

    private boolean decided;

    public Gunzip(ByteTransform next) {
        this.next = next;
    }

    @Override
    public void feed(ByteBuf piece, Consumer<ByteBuf> out) {
        if (decided) {
            pass(piece, out);
            return;
        }
        if (!piece.isReadable()) {
            piece.release();
            return;
        }
        ByteBuf begun = start.isReadable() ? Unpooled.wrappedBuffer(start, piece) : piece;
        start = Unpooled.EMPTY_BUFFER;
        if (begun.readableBytes() < MARK) {
            start = begun;
            return;
        }
        try {
            decide(begun);
        } catch (ApiException e) {
            begun.release();
            throw e;
        }
        pass(begun, out);
    }

    private void pass(ByteBuf piece, Consumer<ByteBuf> out) {
        EmbeddedChannel unpacking = decoder;
        if (unpacking == null) {
            next.feed(piece, out);
            return;
        }
        unpacking.writeInbound(piece);
        passOn(unpacking, out);
    }

    private void passOn(EmbeddedChannel unpacking, Consumer<ByteBuf> out) {
        while (next.awaited().isEmpty()) {
            ByteBuf unpacked = unpacking.readInbound();
            if (unpacked == null) {
                return;
            }
            next.feed(unpacked, out);
        }
    }

    @Override
    public Optional<CompletionStage<?>> awaited() {
        return next.awaited();
    }

    @Override
    public void proceed(Consumer<ByteBuf> out) {
        next.proceed(out);
        EmbeddedChannel unpacking = decoder;
        if (unpacking != null) {
            passOn(unpacking, out);
        }
    }

    private void decide(ByteBuf piece) {
        decided = true;
        int first = piece.getUnsignedByte(piece.readerIndex());
        int second = piece.getUnsignedByte(piece.readerIndex() + 1);
        if (first == 0x1f && second == 0x8b) {
            decoder = new EmbeddedChannel(new JdkZlibDecoder(ZlibWrapper.GZIP, true, MAX_PIECE));
        } else if (first == 'B' && second == 'Z' || first == 0xfd && second == '7' || first == 0x28 && second == 0xb5) {
            throw ApiException.badRequest(
                    "the session's gateway reads tar archives plain or compressed by gzip, and this one is"
                            + " compressed in another way");
        }
    }

    @Override
    public long unchanged() {
        return decided && decoder == null ? next.unchanged() : 0;
    }

    @Override
    public void passed(long bytes) {
        next.passed(bytes);
    }

    @Override
    public void end(Consumer<ByteBuf> out) {
        EmbeddedChannel unpacking = decoder;
        if (unpacking != null) {
            unpacking.finishAndReleaseAll();
        }
        ByteBuf all = start;
        start = Unpooled.EMPTY_BUFFER;
        next.feed(all, out);
        next.end(out);
    }

    @Override
    public void close() {
        EmbeddedChannel unpacking = decoder;
        try {
            if (unpacking != null) {
                unpacking.finishAndReleaseAll();
            }
        } catch (CodecException e) {
            // A stream that is broken off is no whole archive; it is released all the same.
            LOG.trace("The archive was broken off", e);
        } finally {
            start.release();
            start = Unpooled.EMPTY_BUFFER;
            next.close();
        }
    }
}
