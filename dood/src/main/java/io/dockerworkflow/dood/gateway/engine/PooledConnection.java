package io.dockerworkflow.dood.gateway.engine;

import io.dockerworkflow.dood.gateway.socket.BusyPolling;
import io.dockerworkflow.dood.gateway.socket.HalfClosable;
import io.dockerworkflow.dood.gateway.stream.PlainChunks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection to the engine, used for one request at a time. Lives on one event loop and is called only there. */
public final class PooledConnection extends ChannelInboundHandlerAdapter {

    /** Who keeps the connection between two requests. */
    interface Pool {
        /** Takes a connection back whose request is answered. */
        void release(PooledConnection link);

        /** Knows a connection no longer, since it is closed. */
        void forget(PooledConnection link);
    }

    private final Channel channel;
    private final Pool pool;
    private final BusyPolling polling;
    private final EngineResponseDecoder decoder = new EngineResponseDecoder();
    private final HttpRequestEncoder encoder = new HttpRequestEncoder();
    private @Nullable EngineResponseListener listener;
    private boolean requestSent;
    private boolean answered;
    private boolean interim;
    private boolean reusable;
    private boolean tunnel;
    private boolean outputEnded;
    private boolean used;

    PooledConnection(Channel channel, Pool pool, BusyPolling polling) {
        this.channel = channel;
        this.pool = pool;
        this.polling = polling;
        channel.pipeline().addLast(encoder, decoder, this);
    }

    public Channel channel() {
        return channel;
    }

    /** Where the chunks of its responses begin and end. */
    public PlainChunks chunks() {
        return decoder.chunks();
    }

    /** Whether it has served a request before, so that the engine may have closed it since. */
    public boolean isUsed() {
        return used;
    }

    /**
     * Sends the head; the body follows by {@link #write} where the request has none of its own, and is to be flushed.
     *
     * @param request its headers are completed, not copied
     */
    public void send(EngineRequest request, boolean bodyFollows, EngineResponseListener hears) {
        listener = hears;
        answered = false;
        interim = false;
        reusable = false;
        requestSent = !bodyFollows;
        decoder.respondsTo(request.method());
        HttpRequest message = request.toHttp(bodyFollows);
        if (bodyFollows) {
            channel.write(message);
            return;
        }
        if (request.isSafe()) {
            // Mostly answered in less than a millisecond; what changes something takes engines many.
            polling.begin(this);
        }
        channel.writeAndFlush(message);
    }

    /** Sends a piece of the body, its last one at once and the others with the next {@link #flush}. */
    public void write(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        requestSent |= last;
        channel.write(content);
        if (last) {
            channel.flush();
        }
        if (answered) {
            release();
        }
    }

    public void flush() {
        channel.flush();
    }

    public void writeRaw(ByteBuf bytes) {
        channel.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    public boolean isWritable() {
        return channel.isWritable();
    }

    public void read(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Tells the engine that the client will send no more. */
    public void closeOutput() {
        outputEnded = true;
        HalfClosable.endOutput(channel);
    }

    /** Stops speaking HTTP: what comes from now on, and what has come behind the head, are raw bytes. */
    public void becomeTunnel(EngineResponseListener hears) {
        listener = hears;
        tunnel = true;
        channel.pipeline().remove(encoder);
        channel.pipeline().remove(decoder);
    }

    /** Leaves the connection to the handlers that are installed then, and what has come behind the head with it. */
    public void handOver(Runnable install) {
        listener = null;
        channel.pipeline().remove(encoder);
        install.run();
        channel.pipeline().remove(this);
        channel.pipeline().remove(decoder);
        channel.config().setAutoRead(true);
    }

    public void close() {
        listener = null;
        channel.close();
    }

    /** Closes it behind what was written, when nobody waits for anything from the engine any more. */
    public void closeAfterWrites() {
        listener = null;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        EngineResponseListener hears = listener;
        if (hears == null) {
            ReferenceCountUtil.release(message);
            channel.close();
        } else if (tunnel) {
            if (message instanceof ByteBuf bytes) {
                hears.raw(bytes);
            } else {
                ReferenceCountUtil.release(message);
            }
        } else if (message instanceof HttpResponse head) {
            if (head.decoderResult().isFailure()) {
                fail(head.decoderResult().cause());
                return;
            }
            interim = isInterim(head);
            if (!interim) {
                reusable = HttpUtil.isKeepAlive(head);
                hears.head(head);
            }
        } else if (message instanceof HttpContent content) {
            if (interim) {
                // The decoder ends the interim response, too.
                content.release();
            } else {
                takeContent(hears, content);
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** Such a response says that the final one is to come (RFC 9110, 15.2); after 101 comes another protocol. */
    private static boolean isInterim(HttpResponse head) {
        return head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && !head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }

    private void takeContent(EngineResponseListener hears, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(content.decoderResult().cause());
            return;
        }
        boolean last = content instanceof LastHttpContent;
        if (last) {
            polling.end(this);
            answered = true;
            listener = null;
        }
        hears.content(content);
        if (last && requestSent) {
            release();
        }
    }

    private void release() {
        listener = null;
        used = true;
        if (reusable && !outputEnded && channel.isActive()) {
            channel.config().setAutoRead(true);
            pool.release(this);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        EngineResponseListener hears = listener;
        if (hears != null) {
            hears.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        EngineResponseListener hears = listener;
        if (hears != null) {
            hears.writabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            EngineResponseListener hears = listener;
            if (hears == null) {
                channel.close();
            } else if (tunnel) {
                hears.inputClosed();
            } else if (!answered) {
                // Decoding of a response that ends with the connection is done by now.
                fail(new IOException("the engine closed the connection"));
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pool.forget(this);
        EngineResponseListener hears = listener;
        if (hears != null && tunnel) {
            listener = null;
            hears.inputClosed();
        } else {
            fail(new IOException("the engine closed the connection"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
    }

    private void fail(Throwable cause) {
        EngineResponseListener hears = listener;
        listener = null;
        channel.close();
        if (hears != null) {
            hears.failed(cause);
        }
    }
}
