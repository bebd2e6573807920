package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcFrames;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;

/** Writes one direction of a call to a stream, with its messages changed on the way. */
final class StreamOutput {
    private final Channel stream;
    private final Optional<MessageTransform> transform;
    private final GrpcFrames frames = new GrpcFrames();

    StreamOutput(Channel stream, Optional<MessageTransform> transform) {
        this.stream = stream;
        this.transform = transform;
    }

    /** Takes a frame, which stays the caller's. What comes of it is sent with the next {@link #flush}. */
    void data(Http2DataFrame frame) {
        boolean end = frame.isEndStream();
        if (transform.isEmpty()) {
            stream.write(new DefaultHttp2DataFrame(frame.content().retain(), end));
            return;
        }
        for (byte[] message : frames.take(frame.content())) {
            for (byte[] changed : transform.get().apply(message)) {
                stream.write(new DefaultHttp2DataFrame(GrpcFrames.frame(changed)));
            }
        }
        if (end) {
            if (frames.isPartial()) {
                throw new GrpcRefusal(GrpcStatus.INVALID_ARGUMENT, "The request ends within a message");
            }
            stream.write(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
        }
    }

    /** Once for all frames that were read together: a system call each would cost more than all else. */
    void flush() {
        stream.flush();
    }

    void headers(Http2Headers headers, boolean end) {
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
    }

    void trailers(Http2Headers trailers) {
        headers(trailers, true);
    }
}
