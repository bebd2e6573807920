package io.dockerworkflow.dood.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a client: takes its requests one after the other. */
final class ClientConnection extends ChannelInboundHandlerAdapter {

    /** Knows that an answer to HEAD has no content, whatever its headers say. */
    private static final class Encoder extends HttpResponseEncoder {
        private boolean head;

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse message) {
            return head || super.isContentAlwaysEmpty(message);
        }
    }

    private final GatewayContext gateway;
    private final RouteTable routes;
    private final RequestGate gate = new RequestGate();
    private final Encoder encoder = new Encoder();
    private final Optional<RequestWatch> watch;
    private final LastDocument lastDocument = new LastDocument();
    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;

    /** Whether the request's handling waits for its end. */
    private boolean waits;

    private boolean inputClosed;

    ClientConnection(GatewayContext gateway, RouteTable routes, Optional<RequestWatch> watch) {
        this.gateway = gateway;
        this.routes = routes;
        this.watch = watch;
    }

    void install(Channel channel) {
        channel.pipeline().addLast(gate, encoder);
        if (watch.isPresent()) {
            channel.pipeline().addLast(watch.get());
        }
        channel.pipeline().addLast(this);
    }

    /** The last steady document that went over it. */
    LastDocument lastDocument() {
        return lastDocument;
    }

    /** Where the chunks of its requests begin and end. */
    PlainChunks chunks() {
        return gate.chunks();
    }

    /** So much of a request's body goes past the pipeline. */
    void watchUpload(long bytes) {
        watch.ifPresent(observed -> observed.passed(bytes, 0));
    }

    /** So much of an answer's content goes past the pipeline. */
    void watchDownload(long bytes) {
        watch.ifPresent(observed -> observed.passed(0, bytes));
    }

    /** The policy refuses the request. */
    void refused() {
        watch.ifPresent(RequestWatch::refused);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Tunnel open = tunnel;
        Exchange running = exchange;
        if (message instanceof HttpRequest request) {
            begin(ctx, request);
        } else if (message instanceof HttpContent content) {
            if (running != null) {
                running.body().offer(content);
                if (waits) {
                    handle(ctx, running);
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

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        Exchange started = new Exchange(gateway, this, ctx.channel(), request);
        exchange = started;
        encoder.head = request.method().equals(HttpMethod.HEAD);
        if (request.decoderResult().isFailure() || !isSpoken(request.protocolVersion())) {
            // What follows cannot be told apart from the next request.
            HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
            request.headers().set("connection", "close");
            started.answer(Reply.error(status.code(), "malformed request"));
            ctx.channel().close();
            return;
        }
        // One without a body is whole with what the decoder says next: then the connection outlives any answer to it.
        waits = !hasBody(request);
        if (!waits) {
            handle(ctx, started);
        }
    }

    private static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    }

    private void handle(ChannelHandlerContext ctx, Exchange started) {
        waits = false;
        try {
            routes.handle(started.request(), ctx.channel().eventLoop(), started.body())
                    .whenComplete((reply, failure) -> {
                        if (reply != null) {
                            started.perform(reply);
                        } else {
                            started.fail(failure);
                        }
                    });
        } catch (RuntimeException e) {
            started.fail(e);
        }
    }

    /** Whether the client has said that it will send no more. */
    boolean isInputClosed() {
        return inputClosed;
    }

    /** The decoder takes any version, but understands these two. */
    private static boolean isSpoken(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    /** The answer is written. */
    void ended(Exchange which, boolean staysOpen) {
        Channel client = which.client();
        if (staysOpen && !inputClosed) {
            exchange = null;
            gate.open();
        } else if (which.body().isComplete() || inputClosed) {
            exchange = null;
            client.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            which.body().drainTo(content -> {
                boolean last = content instanceof LastHttpContent;
                content.release();
                if (last) {
                    client.close();
                }
            });
        }
    }

    /** Sends the last head of this connection. */
    void sendTunnelHead(Exchange which, HttpResponseStatus status, HttpHeaders headers) {
        Channel client = which.client();
        client.writeAndFlush(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers));
        client.pipeline().remove(encoder);
    }

    /** Passes on raw bytes from now on, those that are here already first. */
    void becomeTunnel(Exchange which, Tunnel opened) {
        Channel client = which.client();
        exchange = null;
        tunnel = opened;
        client.config().setAutoRead(true);
        client.pipeline().remove(gate);
        if (inputClosed) {
            opened.clientInputClosed();
        }
    }

    /** Sends this head and leaves the connection to the handlers that are installed then. */
    void handOver(Exchange which, HttpResponseStatus status, HttpHeaders headers, Runnable install) {
        Channel client = which.client();
        client.writeAndFlush(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers));
        client.pipeline().remove(encoder);
        exchange = null;
        install.run();
        client.pipeline().remove(this);
        client.config().setAutoRead(true);
        client.pipeline().remove(gate);
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
