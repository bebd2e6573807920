package io.dockerworkflow.dood.gateway.buildkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One end of a connection: Netty's codec, which knows nothing of ours, and holds its peer to what the windows allow. */
public final class Http2Peer {

    /** What has come on a stream. */
    public static final class Stream {
        public final Http2FrameStream handle;
        public final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        public Optional<Http2Headers> first = Optional.empty();
        public Optional<Http2Headers> last = Optional.empty();
        public Optional<Long> reset = Optional.empty();
        public boolean ended;
        private int taken;

        Stream(Http2FrameStream handle) {
            this.handle = handle;
        }
    }

    private final Http2FrameCodec codec;
    private final Http2ChannelDuplexHandler calls = new Http2ChannelDuplexHandler() {};
    private final EmbeddedChannel channel;
    private final Map<Integer, Stream> streams = new LinkedHashMap<>();
    private Optional<String> goneAway = Optional.empty();

    private Http2Peer(Http2FrameCodecBuilder builder, Http2Settings settings) {
        codec = builder.initialSettings(settings).validateHeaders(false).build();
        channel = new EmbeddedChannel(codec, calls);
    }

    public static Http2Peer caller(Http2Settings settings) {
        return new Http2Peer(Http2FrameCodecBuilder.forClient(), settings);
    }

    public static Http2Peer callee(Http2Settings settings) {
        return new Http2Peer(Http2FrameCodecBuilder.forServer(), settings);
    }

    /** What it has to send. */
    public @Nullable ByteBuf sends() {
        channel.runPendingTasks();
        return channel.readOutbound();
    }

    /** It gets bytes. */
    public void gets(ByteBuf bytes) {
        channel.writeInbound(bytes);
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            heard(message);
        }
    }

    private void heard(Object message) {
        if (message instanceof Http2GoAwayFrame frame) {
            goneAway = Optional.of(frame.toString());
        } else if (message instanceof Http2StreamFrame frame && frame.stream() != null) {
            Stream stream = streams.computeIfAbsent(frame.stream().id(), id -> new Stream(frame.stream()));
            if (message instanceof Http2HeadersFrame headers) {
                stream.first = stream.first.or(() -> Optional.of(headers.headers()));
                stream.last = Optional.of(headers.headers());
                stream.ended |= headers.isEndStream();
            } else if (message instanceof Http2DataFrame data) {
                byte[] bytes = new byte[data.content().readableBytes()];
                data.content().readBytes(bytes);
                stream.bytes.writeBytes(bytes);
                stream.ended |= data.isEndStream();
                data.release();
            } else if (message instanceof Http2ResetFrame reset) {
                stream.reset = Optional.of(reset.errorCode());
            }
        }
    }

    /** Opens a stream with a request that has no body. */
    public Stream call(Http2Headers headers) {
        Http2FrameStream handle = calls.newStream();
        channel.writeOutbound(new DefaultHttp2HeadersFrame(headers, true).stream(handle));
        return streams.computeIfAbsent(handle.id(), id -> new Stream(handle));
    }

    public Stream stream(int id) {
        return Optional.ofNullable(streams.get(id)).orElseThrow();
    }

    public void answer(int id, Http2Headers headers, boolean end) {
        channel.writeOutbound(new DefaultHttp2HeadersFrame(headers, end).stream(stream(id).handle));
    }

    public void send(int id, byte[] bytes) {
        channel.writeOneOutbound(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), false, bytes.length % 7)
                .stream(stream(id).handle));
        channel.flushOutbound();
    }

    public void reset(int id) {
        channel.writeOutbound(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(stream(id).handle));
    }

    /** Says of all that it has got that it is read, so that the windows open again; false if there was nothing. */
    public boolean reads() {
        boolean any = false;
        for (Stream stream : streams.values()) {
            int more = stream.bytes.size() - stream.taken;
            if (more > 0 && !stream.ended && stream.reset.isEmpty()) {
                channel.writeOutbound(new DefaultHttp2WindowUpdateFrame(more).stream(stream.handle));
                any = true;
            }
            stream.taken += more;
        }
        return any;
    }

    /** How many bytes of all streams together its peer takes from it now. */
    public int window() {
        return codec.connection()
                .remote()
                .flowController()
                .windowSize(codec.connection().connectionStream());
    }

    /** How it has ended the connection; empty if it has not. */
    public Optional<String> goneAway() {
        return goneAway;
    }

    public boolean isOpen() {
        return channel.isOpen();
    }

    public void close() throws Http2Exception {
        channel.finishAndReleaseAll();
    }
}
