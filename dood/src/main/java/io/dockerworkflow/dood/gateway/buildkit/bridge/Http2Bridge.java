package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins two connections that both speak HTTP/2: each stream that the caller opens becomes a stream to the callee, as the plan
 * for it says. When one connection ends, so does the other.
 */
public final class Http2Bridge {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Bridge.class);

    private static final int STREAM_WINDOW = 1024 * 1024;

    /**
     * Much more than one stream's: a stream whose reader has stopped holds its window's share of the connection's, and must
     * not stop the others.
     */
    private static final int CONNECTION_WINDOW = 64 * 1024 * 1024;

    /** grpc-go's servers take 250 streams and headers of 1 MiB. */
    private static final int MAX_STREAMS = 250;

    private static final int MAX_HEADERS = 1024 * 1024 + 320;

    private Http2Bridge() {}

    /**
     * Takes both connections over. Bytes that have been read from them already are to be fired into their pipelines
     * afterwards.
     *
     * @param caller the side that opens streams
     * @param callee the side that answers them
     */
    public static void join(Channel caller, Channel callee, CallPlan.Planner planner) {
        ChannelHandler refused = new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.close();
            }
        };
        install(callee, Http2FrameCodecBuilder.forClient(), new Http2Settings().pushEnabled(false), refused, caller);
        ChannelHandler calls = new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new CallerStream(callee, planner));
            }
        };
        install(
                caller,
                Http2FrameCodecBuilder.forServer(),
                new Http2Settings().maxConcurrentStreams(MAX_STREAMS),
                calls,
                callee);
    }

    private static void install(
            Channel channel,
            Http2FrameCodecBuilder builder,
            Http2Settings settings,
            ChannelHandler opened,
            Channel other) {
        Http2FrameCodec codec = builder.initialSettings(
                        settings.initialWindowSize(STREAM_WINDOW).maxHeaderListSize(MAX_HEADERS))
                // BuildKit resets a stream for nearly every call, and that is no attack.
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .encoderEnforceMaxRstFramesPerWindow(0, 0)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(0)
                .validateHeaders(false)
                // For the rest of what is being written; calls that are open then have lost their other end.
                .gracefulShutdownTimeoutMillis(1000)
                .build();
        // What gets to the end are settings, pings and the like, which the codec has dealt with.
        channel.pipeline().addLast(codec, new Http2MultiplexHandler(opened), new ConnectionEnd(other));
        Http2Connection connection = codec.connection();
        channel.eventLoop().execute(() -> {
            try {
                connection
                        .local()
                        .flowController()
                        .incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW);
                channel.flush();
            } catch (Http2Exception e) {
                LOG.debug("The window of {} stays as it is", channel, e);
            }
        });
    }
}
