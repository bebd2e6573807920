package io.dockerworkflow.dood.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket that keeps its other half open when its peer has ended one. Netty's own ({@code NioDomainSocketChannel} of
 * 4.2) closes in that case, whatever {@code ALLOW_HALF_CLOSURE} says, and a container would never answer to the end of its
 * input.
 */
public final class UnixChannel extends AbstractNioByteChannel implements HalfClosable {
    private static final int MAX_GATHERED = 1024 * 1024;

    /** Reads in the pipeline's stead. Called on the event loop. */
    interface Bypass {
        /**
         * Reads what there is.
         *
         * @return false if the pipeline is to read
         */
        boolean read(SocketChannel socket) throws IOException;
    }

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private @Nullable Bypass bypass;
    private boolean inputEnded;

    /** Not yet connected. */
    public UnixChannel() {
        this(null, open());
    }

    /** Accepted. */
    UnixChannel(@Nullable Channel parent, SocketChannel channel) {
        super(parent, channel);
    }

    private static SocketChannel open() {
        try {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected ChannelId newId() {
        return new UnixChannelId();
    }

    @Override
    public void endOutput() {
        try {
            javaChannel().shutdownOutput();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        return javaChannel().isOpen() && javaChannel().isConnected();
    }

    @Override
    protected SocketChannel javaChannel() {
        return (SocketChannel) super.javaChannel();
    }

    @Override
    protected boolean isInputShutdown0() {
        return inputEnded;
    }

    @Override
    protected ChannelFuture shutdownInput() {
        inputEnded = true;
        return newSucceededFuture();
    }

    @Override
    protected void doBeginRead() throws Exception {
        if (!inputEnded) {
            super.doBeginRead();
        }
    }

    /** Lets more bytes wait for the receiver: Linux grants twice {@code net.core.wmem_max}, where half of it is usual. */
    void enlargeSendBuffer() throws IOException {
        javaChannel().setOption(StandardSocketOptions.SO_SNDBUF, MAX_GATHERED);
    }

    /** Has that one read from now on. */
    void bypass(Bypass reader) {
        bypass = reader;
    }

    /** Has the pipeline read from now on. */
    void endBypass() {
        bypass = null;
    }

    /**
     * Writes and flushes past the pipeline, behind what was written before.
     *
     * @param bytes released when they are written
     */
    ChannelFuture writeBypassing(ByteBuf bytes) {
        ChannelOutboundBuffer waiting = unsafe().outboundBuffer();
        try {
            if (waiting != null && waiting.totalPendingWriteBytes() == 0) {
                bytes.readBytes(javaChannel(), bytes.readableBytes());
            }
        } catch (IOException e) {
            // As after a flush that fails; whoever reads from this channel learns of it by its end.
            bytes.release();
            close();
            return newFailedFuture(e);
        }
        if (!bytes.isReadable()) {
            bytes.release();
            return newSucceededFuture();
        }
        ChannelPromise written = newPromise();
        unsafe().write(bytes, written);
        unsafe().flush();
        return written;
    }

    @Override
    protected int doReadBytes(ByteBuf buffer) throws Exception {
        Bypass reader = bypass;
        if (inputEnded) {
            return 0;
        }
        if (reader != null && reader.read(javaChannel())) {
            if (!config.isAutoRead()) {
                // Netty does so by itself only if it has read something.
                clearReadPending();
            }
            return 0;
        }
        int read = buffer.writeBytes(javaChannel(), buffer.writableBytes());
        if (read >= 0) {
            unsafe().recvBufAllocHandle().attemptedBytesRead(buffer.writableBytes() + read);
            return read;
        }
        // Not passed on as -1, which would close the channel.
        inputEnded = true;
        clearReadPending();
        eventLoop().execute(() -> pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE));
        return 0;
    }

    @Override
    protected int doWriteBytes(ByteBuf buffer) throws Exception {
        return buffer.readBytes(javaChannel(), buffer.readableBytes());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        for (int spins = config.getWriteSpinCount(); spins > 0; spins--) {
            if (out.isEmpty()) {
                clearOpWrite();
                return;
            }
            ByteBuffer[] buffers = out.nioBuffers(1024, MAX_GATHERED);
            int count = out.nioBufferCount();
            if (count == 0) {
                doWrite0(out);
                continue;
            }
            long written = javaChannel().write(buffers, 0, count);
            if (written <= 0) {
                incompleteWrite(true);
                return;
            }
            out.removeBytes(written);
        }
        // More to write, and the socket takes it: let other connections have their turn first.
        incompleteWrite(false);
    }

    @Override
    protected long doWriteFileRegion(FileRegion region) throws Exception {
        return region.transferTo(javaChannel(), region.transferred());
    }

    @Override
    protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) throws Exception {
        boolean connected = javaChannel().connect(remote);
        if (!connected) {
            addAndSubmit(NioIoOps.CONNECT);
        }
        return connected;
    }

    @Override
    protected void doFinishConnect() throws Exception {
        if (!javaChannel().finishConnect()) {
            throw new IOException("could not connect");
        }
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        javaChannel().bind(address);
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        javaChannel().close();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        try {
            return javaChannel().getLocalAddress();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        try {
            return javaChannel().getRemoteAddress();
        } catch (IOException e) {
            return null;
        }
    }
}
