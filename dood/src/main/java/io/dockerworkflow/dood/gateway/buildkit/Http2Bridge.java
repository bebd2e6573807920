package io.dockerworkflow.dood.gateway.buildkit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2MultiplexCodec;
import io.netty.handler.codec.http2.Http2MultiplexCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins two connections that both speak HTTP/2: each stream that the caller opens becomes a stream to the callee, as the plan
 * for it says. When one connection ends, so does the other.
 */
// Http2MultiplexHandler, which replaces the deprecated codec, takes whoever was not accepted by a server channel for a
// client.
// That fits the calls of /grpc, which are all that is left here, and was not tried yet.
@SuppressWarnings("deprecation")
final class Http2Bridge {
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
    static void join(Channel caller, Channel callee, CallPlan.Planner planner) {
        ChannelHandler refused = new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.close();
            }
        };
        install(
                callee,
                configure(Http2MultiplexCodecBuilder.forClient(refused), new Http2Settings().pushEnabled(false)),
                caller);
        ChannelHandler calls = new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new CallerStream(callee, planner));
            }
        };
        install(
                caller,
                configure(
                        Http2MultiplexCodecBuilder.forServer(calls),
                        new Http2Settings().maxConcurrentStreams(MAX_STREAMS)),
                callee);
    }

    private static Http2MultiplexCodec configure(Http2MultiplexCodecBuilder builder, Http2Settings settings) {
        return builder.initialSettings(settings.initialWindowSize(STREAM_WINDOW).maxHeaderListSize(MAX_HEADERS))
                // BuildKit resets a stream for nearly every call, and that is no attack.
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .encoderEnforceMaxRstFramesPerWindow(0, 0)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(0)
                .validateHeaders(false)
                // For the rest of what is being written; calls that are open then have lost their other end.
                .gracefulShutdownTimeoutMillis(1000)
                .build();
    }

    private static void install(Channel channel, Http2MultiplexCodec codec, Channel other) {
        // What gets there are settings, pings and the like, which the codec has dealt with.
        channel.pipeline().addLast(codec, new ConnectionEnd(other));
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
