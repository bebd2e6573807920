package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.SessionId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Times and counts the requests of one connection, from what passes between the codec and the rest. It stays when the
 * connection is taken over; then the request ends with it. In the pipeline only where somebody wants to know, so that it
 * costs nothing otherwise.
 */
public final class RequestWatch extends ChannelDuplexHandler {
    private final SessionId session;
    private final RouteTable routes;
    private final Optional<RequestObserver> observer;
    private @Nullable HttpRequest request;
    private int status;
    private boolean refused;
    private long began;
    private long answered;
    private long bytesIn;
    private long bytesOut;

    private RequestWatch(SessionId session, RouteTable routes, Optional<RequestObserver> observer) {
        this.session = session;
        this.routes = routes;
        this.observer = observer;
    }

    /** A watch for a new connection; empty if nobody wants to know. */
    public static Optional<RequestWatch> of(SessionId session, RouteTable routes, Optional<RequestObserver> observer) {
        return observer.isPresent() || AccessLog.isOn()
                ? Optional.of(new RequestWatch(session, routes, observer))
                : Optional.empty();
    }

    /** The policy refuses the request. */
    void markRefused() {
        refused = true;
    }

    /** So much of the bodies goes past the pipeline. */
    void passed(long in, long out) {
        bytesIn += in;
        bytesOut += out;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest begun) {
            request = begun;
            status = 0;
            refused = false;
            began = System.nanoTime();
            bytesIn = 0;
            bytesOut = 0;
        }
        bytesIn += size(message);
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse head && head.status().equals(HttpResponseStatus.CONTINUE);
        if (message instanceof HttpResponse head && !interim) {
            status = head.status().code();
            answered = System.nanoTime();
        }
        bytesOut += size(message);
        ctx.write(message, promise);
        if (message instanceof LastHttpContent && !interim) {
            finish();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish();
        ctx.fireChannelInactive();
    }

    private static int size(Object message) {
        if (message instanceof HttpContent content) {
            return content.content().readableBytes();
        }
        return message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    }

    private void finish() {
        HttpRequest finished = request;
        if (finished == null) {
            return;
        }
        request = null;
        long end = System.nanoTime();
        Optional<Route> route = routes.find(finished);
        ServedRequest served = new ServedRequest(
                routes.hasMethod(finished) ? finished.method().name() : "other",
                route.map(Route::pattern).orElse(""),
                status,
                refused,
                (status == 0 ? end : answered) - began,
                end - began,
                bytesIn,
                bytesOut);
        AccessLog.log(session, finished, served);
        observer.ifPresent(told -> told.finished(served));
    }
}
