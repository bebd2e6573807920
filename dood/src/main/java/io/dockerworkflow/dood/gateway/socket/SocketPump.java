package io.dockerworkflow.dood.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * Moves bytes from one Unix socket to the other, past the pipelines of both: of a pipeline a young JVM's compiler makes much
 * more work than the bytes do. Lives on the event loop of both channels.
 */
public final class SocketPump implements UnixChannel.Bypass {
    /** Is given what was read. */
    public interface Taker {
        /** {@linkplain SocketPump#write Writes} what it likes; what it does not read ends the pump and is the pipeline's. */
        void take(ByteBuf bytes, SocketPump pump);
    }

    /** Then other connections have their turn. */
    private static final int READS = 16;

    private final UnixChannel from;
    private final UnixChannel to;
    private final Taker taker;
    private boolean open;

    /** A pump that does not work yet. */
    public SocketPump(UnixChannel from, UnixChannel to, Taker taker) {
        this.from = from;
        this.to = to;
        this.taker = taker;
    }

    /** Joins two connections whose bytes nobody has to read, if both are Unix sockets. */
    public static void join(Channel one, Channel other) {
        if (one instanceof UnixChannel first && other instanceof UnixChannel second) {
            all(first, second).open();
            all(second, first).open();
        }
    }

    private static SocketPump all(UnixChannel from, UnixChannel to) {
        return new SocketPump(from, to, (bytes, pump) -> pump.write(bytes.readRetainedSlice(bytes.readableBytes())));
    }

    /** Reads in the pipeline's stead from now on, unless there is nobody to write to. */
    public void open() {
        try {
            to.enlargeSendBuffer();
        } catch (IOException e) {
            // The receiver has gone, which its channel tells whoever has to know.
            return;
        }
        open = true;
        from.bypass(this);
    }

    public boolean isOpen() {
        return open;
    }

    /** The pipeline reads from now on. Idempotent. */
    public void end() {
        if (open) {
            open = false;
            from.endBypass();
        }
    }

    @Override
    public boolean read(SocketChannel socket) throws IOException {
        for (int i = 0; i < READS && open && from.config().isAutoRead(); i++) {
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
                taker.take(bytes, this);
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

    /** What the receiver does not take now waits in its channel, and the sender with it. Releases the bytes. */
    public void write(ByteBuf bytes) {
        ChannelFuture written = to.writeBypassing(bytes);
        if (!written.isDone()) {
            from.config().setAutoRead(false);
            written.addListener(any -> from.config().setAutoRead(true));
        }
    }
}
