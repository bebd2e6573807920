package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.stream.BodySplice;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a client: takes its requests one after the other. */
public final class ClientConnection extends ChannelInboundHandlerAdapter implements HttpConnection {
    private final Channel client;
    private final HttpContext gateway;
    private final DaemonHeaders daemonHeaders;
    private final RequestDispatcher requests;
    private final SerialRequestDecoder requestDecoder = new SerialRequestDecoder();
    private final ClientResponseEncoder encoder = new ClientResponseEncoder();
    private final Optional<RequestWatch> watch;
    private final RewriteCache rewriteCache = new RewriteCache();
    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;

    /** Whether the request's handling waits for its end. */
    private boolean waits;

    private boolean inputClosed;

    public ClientConnection(Channel client, HttpContext gateway, RouteTable routes, Optional<RequestWatch> watch) {
        this.client = client;
        this.gateway = gateway;
        this.daemonHeaders = new DaemonHeaders(gateway.facts());
        this.requests = new RequestDispatcher(routes);
        this.watch = watch;
    }

    public void install() {
        client.pipeline().addLast(requestDecoder, encoder);
        if (watch.isPresent()) {
            client.pipeline().addLast(watch.get());
        }
        client.pipeline().addLast(this);
    }

    @Override
    public Channel channel() {
        return client;
    }

    @Override
    public RewriteCache lastDocument() {
        return rewriteCache;
    }

    @Override
    public Optional<BodySplice> upload(PooledConnection engine, ByteTransform transform) {
        return BodySplice.between(client, requestDecoder.chunks(), engine.channel(), transform, this::watchUpload);
    }

    private void watchUpload(long bytes) {
        watch.ifPresent(observed -> observed.passed(bytes, 0));
    }

    @Override
    public Optional<BodySplice> download(PooledConnection engine, ByteTransform transform) {
        return BodySplice.between(engine.channel(), engine.chunks(), client, transform, this::watchDownload);
    }

    private void watchDownload(long bytes) {
        watch.ifPresent(observed -> observed.passed(0, bytes));
    }

    @Override
    public void markRefused() {
        watch.ifPresent(RequestWatch::markRefused);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Tunnel open = tunnel;
        Exchange running = exchange;
        if (message instanceof HttpRequest request) {
            begin(request);
        } else if (message instanceof HttpContent content) {
            if (running != null) {
                running.body().offer(content);
                if (waits) {
                    handle(running);
                }
            } else {
                content.release();
            }
        } else if (message instanceof ByteBuf bytes && open != null) {
            open.fromClient(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange running = exchange;
        if (running != null) {
            running.clientReadComplete();
        }
    }

    private void begin(HttpRequest request) {
        Exchange started = new Exchange(gateway, daemonHeaders, this, request);
        exchange = started;
        encoder.respondsTo(request.method());
        if (request.decoderResult().isFailure() || !isSpoken(request.protocolVersion())) {
            // What follows cannot be told apart from the next request.
            HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
            request.headers().set("connection", "close");
            started.respond(ClientResponse.error(status.code(), "malformed request"));
            client.close();
            return;
        }
        // One without a body is whole with what the decoder says next: then the connection outlives any response to it.
        waits = !hasBody(request);
        if (!waits) {
            handle(started);
        }
    }

    private static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    }

    private void handle(Exchange started) {
        waits = false;
        requests.dispatch(started);
    }

    @Override
    public boolean isInputClosed() {
        return inputClosed;
    }

    /** The decoder takes any version, but understands these two. */
    private static boolean isSpoken(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    @Override
    public void finish(RequestBody body, boolean staysOpen) {
        if (staysOpen && !inputClosed) {
            exchange = null;
            requestDecoder.open();
        } else if (body.isComplete() || inputClosed) {
            exchange = null;
            client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            body.drainTo(content -> {
                boolean last = content instanceof LastHttpContent;
                content.release();
                if (last) {
                    client.close();
                }
            });
        }
    }

    @Override
    public void sendTunnelHead(HttpResponseStatus status, HttpHeaders headers) {
        client.writeAndFlush(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers));
        client.pipeline().remove(encoder);
    }

    @Override
    public void becomeTunnel(Tunnel opened) {
        exchange = null;
        tunnel = opened;
        client.config().setAutoRead(true);
        client.pipeline().remove(requestDecoder);
        if (inputClosed) {
            opened.clientInputClosed();
        }
    }

    @Override
    public void handOver(HttpResponseStatus status, HttpHeaders headers, Runnable install) {
        client.writeAndFlush(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers));
        client.pipeline().remove(encoder);
        exchange = null;
        install.run();
        client.pipeline().remove(this);
        client.config().setAutoRead(true);
        client.pipeline().remove(requestDecoder);
        if (inputClosed) {
            client.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            Tunnel open = tunnel;
            Exchange running = exchange;
            if (open != null) {
                open.clientInputClosed();
            } else if (running != null) {
                running.clientInputClosed();
            } else {
                ctx.close();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Tunnel open = tunnel;
        Exchange running = exchange;
        if (open != null) {
            open.clientWritabilityChanged();
        } else if (running != null) {
            running.clientWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Tunnel open = tunnel;
        Exchange running = exchange;
        if (open != null) {
            open.clientGone();
        }
        if (running != null) {
            running.clientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A client that went away while it was being written to; its streams end by channelInactive.
        ctx.close();
    }
}
