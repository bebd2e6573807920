package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcHeaders;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.function.UnaryOperator;

/** The callee's end of a call: takes the answer. */
final class CalleeStream extends ChannelInboundHandlerAdapter {
    private final Channel caller;
    private final StreamOutput answer;
    private final UnaryOperator<Http2Headers> trailers;
    private boolean done;

    CalleeStream(Channel caller, StreamOutput answer, UnaryOperator<Http2Headers> trailers) {
        this.caller = caller;
        this.answer = answer;
        this.trailers = trailers;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (done) {
                return;
            }
            if (message instanceof Http2HeadersFrame frame) {
                done = frame.isEndStream();
                Http2Headers headers = frame.headers();
                answer.headers(done ? trailers.apply(headers) : headers, done);
            } else if (message instanceof Http2DataFrame frame) {
                done = frame.isEndStream();
                answer.data(frame);
            } else if (message instanceof Http2ResetFrame frame) {
                reset(frame.errorCode());
            }
        } catch (GrpcRefusal refusal) {
            done = true;
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            answer.trailers(GrpcHeaders.failureTrailers(refusal));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void reset(long error) {
        done = true;
        caller.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        answer.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        caller.config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame frame && !done) {
            reset(frame.errorCode());
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            reset(Http2Error.CANCEL.code());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!done) {
            reset(Http2Error.INTERNAL_ERROR.code());
        }
        ctx.close();
    }
}
