package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcFrames;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcHeaders;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The caller's end of a call: takes the request, and opens the stream that the answer comes from. */
final class CallerStream extends ChannelInboundHandlerAdapter {
    private final Channel callee;
    private final CallPlan.Planner planner;
    private @Nullable StreamOutput request;
    private @Nullable Http2StreamChannel answering;
    private boolean answeredHere;
    private Runnable closed = () -> {};

    CallerStream(Channel callee, CallPlan.Planner planner) {
        this.callee = callee;
        this.planner = planner;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (answeredHere) {
                return;
            }
            if (message instanceof Http2HeadersFrame frame) {
                headers(ctx, frame);
            } else if (message instanceof Http2DataFrame frame && request != null) {
                request.data(frame);
            } else if (message instanceof Http2ResetFrame frame) {
                reset(frame.errorCode());
            }
        } catch (GrpcRefusal refusal) {
            refuse(ctx, refusal);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void headers(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        StreamOutput open = request;
        if (open != null) {
            open.trailers(frame.headers());
            return;
        }
        CallPlan plan = planner.plan(frame.headers());
        if (plan instanceof CallPlan.Answer answer) {
            answer(ctx, answer.messages());
        } else if (plan instanceof CallPlan.Refuse refuse) {
            refuse(ctx, refuse.refusal());
        } else if (plan instanceof CallPlan.Relay relay) {
            closed = relay.closed();
            open(ctx, relay, frame);
        }
    }

    private void open(ChannelHandlerContext ctx, CallPlan.Relay relay, Http2HeadersFrame frame) {
        Channel caller = ctx.channel();
        Http2Headers headers = relay.headers().apply(frame.headers());
        boolean end = frame.isEndStream();
        caller.config().setAutoRead(false);
        new Http2StreamChannelBootstrap(callee)
                .handler(new CalleeStream(caller, new StreamOutput(caller, relay.response()), relay.trailers()))
                .open()
                .addListener(opened -> caller.eventLoop().execute(() -> {
                    if (!opened.isSuccess()) {
                        refuse(
                                ctx,
                                new GrpcRefusal(GrpcStatus.UNAVAILABLE, "The engine takes no call: " + opened.cause()));
                        return;
                    }
                    Http2StreamChannel stream = (Http2StreamChannel) opened.getNow();
                    if (!caller.isActive()) {
                        stream.close();
                        return;
                    }
                    answering = stream;
                    request = new StreamOutput(stream, relay.request());
                    stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
                    caller.config().setAutoRead(true);
                }));
    }

    private void answer(ChannelHandlerContext ctx, List<byte[]> messages) {
        answeredHere = true;
        ctx.write(new DefaultHttp2HeadersFrame(GrpcHeaders.success()));
        for (byte[] message : messages) {
            ctx.write(new DefaultHttp2DataFrame(GrpcFrames.frame(message)));
        }
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(GrpcHeaders.okTrailers(), true));
    }

    private void refuse(ChannelHandlerContext ctx, GrpcRefusal refusal) {
        answeredHere = true;
        Http2StreamChannel stream = answering;
        if (stream != null) {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
        ctx.channel().config().setAutoRead(true);
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(GrpcHeaders.failure(refusal), true));
    }

    private void reset(long error) {
        Http2StreamChannel stream = answering;
        if (stream != null) {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(error));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        StreamOutput open = request;
        if (open != null) {
            open.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Http2StreamChannel stream = answering;
        if (stream != null) {
            stream.config().setAutoRead(ctx.channel().isWritable());
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame frame) {
            reset(frame.errorCode());
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed.run();
        Http2StreamChannel stream = answering;
        if (stream != null) {
            stream.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset(Http2Error.CANCEL.code());
        ctx.close();
    }
}
