package io.dockerworkflow.dood.gateway.buildkit.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.buildkit.Http2Peer;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcFrames;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcHeaders;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.gateway.buildkit.wire.Http2Frame;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Between two codecs of Netty's, which end a connection where a window, a header or the length of a frame is not as it must be. */
class ResponseFrameRelayTest {
    private static final int WINDOW = 65_535;
    private static final int MANY = 1_000_000;

    private Http2Peer engine = Http2Peer.caller(new Http2Settings().pushEnabled(false));
    private final Http2Peer client = Http2Peer.callee(new Http2Settings());
    private final EmbeddedChannel ofEngine = new EmbeddedChannel();
    private final EmbeddedChannel ofClient = new EmbeddedChannel();
    private final SplittableRandom random = new SplittableRandom(7);
    private int longestRead = MANY;

    private void join(MessageTransform transform) {
        ResponseFrameRelay.join(
                ofEngine,
                ofClient,
                headers -> "changed".contentEquals(headers.path()) ? Optional.of(transform) : Optional.empty());
    }

    @AfterEach
    void close() throws Http2Exception {
        engine.close();
        client.close();
        ofEngine.finishAndReleaseAll();
        ofClient.finishAndReleaseAll();
    }

    /** Moves everything until nobody has anything to say any more. */
    private void settle() {
        boolean any;
        do {
            any = move(engine.sends(), ofEngine) | move(client.sends(), ofClient);
            any |= deliver(ofClient, client) | deliver(ofEngine, engine);
        } while (any);
    }

    private boolean move(@Nullable ByteBuf bytes, EmbeddedChannel to) {
        if (bytes == null) {
            return false;
        }
        while (bytes.isReadable()) {
            int length = Math.min(bytes.readableBytes(), 1 + random.nextInt(longestRead));
            to.writeInbound(Unpooled.copiedBuffer(bytes.readSlice(length)));
        }
        bytes.release();
        return true;
    }

    private static boolean deliver(EmbeddedChannel from, Http2Peer to) {
        boolean any = false;
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.gets(bytes);
            any = true;
        }
        return any;
    }

    /** The engine reads what it has got, again and again, for as long as more comes. */
    private void read() {
        settle();
        while (engine.reads()) {
            settle();
        }
    }

    private static Http2Headers request(String path) {
        return new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .authority("localhost")
                .path(path)
                .set("content-type", "application/grpc")
                .set("dir-name", "name-" + path);
    }

    private int call(String path) {
        int id = engine.call(request(path)).handle.id();
        settle();
        client.answer(id, GrpcHeaders.success(), false);
        return id;
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] framed(byte[] message) {
        ByteBuf frame = GrpcFrames.frame(message);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    private static byte[] twice(byte[] message) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(message);
        all.writeBytes(message);
        return all.toByteArray();
    }

    private void assertWhole() {
        assertThat(engine.goneAway()).isEmpty();
        assertThat(client.goneAway()).isEmpty();
        assertThat(engine.isOpen() && client.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 100, 20_000, MANY})
    void answerWhenNothingChangesItPassesAsItIs(int longest) {
        longestRead = longest;
        join(message -> List.of());
        int id = call("context");
        byte[] context = noise(longest == 3 ? 50_000 : 3 * MANY);
        client.send(id, context);
        read();
        client.answer(id, GrpcHeaders.okTrailers(), true);
        settle();
        assertThat(engine.stream(id).bytes.toByteArray()).isEqualTo(context);
        assertThat(engine.stream(id).ended).isTrue();
        assertThat(engine.stream(id).last)
                .hasValueSatisfying(
                        trailers -> assertThat(trailers.get(GrpcHeaders.STATUS)).hasToString("0"));
        assertWhole();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 20_000, MANY})
    void answerWhenItGrowsKeepsWithinWhatTheEngineTakes(int longest) {
        longestRead = longest;
        join(message -> List.of(twice(message)));
        int changed = call("changed");
        int context = call("context");
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream untouched = new ByteArrayOutputStream();
        for (int i = 0; i < 30; i++) {
            byte[] message = noise(random.nextInt(2 * WINDOW));
            expected.writeBytes(framed(twice(message)));
            client.send(changed, framed(message));
            byte[] beside = noise(random.nextInt(WINDOW));
            untouched.writeBytes(beside);
            client.send(context, beside);
        }
        client.answer(changed, GrpcHeaders.okTrailers(), true);
        client.answer(context, GrpcHeaders.okTrailers(), true);
        read();
        assertThat(engine.stream(changed).bytes.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(engine.stream(context).bytes.toByteArray()).isEqualTo(untouched.toByteArray());
        assertThat(engine.stream(changed).ended && engine.stream(context).ended).isTrue();
        assertWhole();
        assertThat(client.window()).as("what the client may send").isLessThanOrEqualTo(WINDOW);
    }

    @Test
    void answerWhenTheEngineTakesLittleOfEachStreamKeepsWithinThat() {
        engine = Http2Peer.caller(new Http2Settings().pushEnabled(false).initialWindowSize(1000));
        join(message -> List.of(twice(message)));
        settle();
        byte[] message = noise(WINDOW);
        int changed = call("changed");
        client.send(changed, framed(message));
        client.answer(changed, GrpcHeaders.okTrailers(), true);
        read();
        assertThat(engine.stream(changed).bytes.toByteArray()).isEqualTo(framed(twice(message)));
        assertThat(engine.stream(changed).ended).isTrue();
        assertWhole();
    }

    @Test
    void answerWhenItShrinksTakesNothingFromWhatTheClientMaySend() {
        join(message -> List.of());
        int changed = call("changed");
        for (int i = 0; i < 40; i++) {
            client.send(changed, framed(noise(WINDOW / 2)));
            settle();
        }
        assertThat(engine.stream(changed).bytes.size()).isZero();
        assertThat(client.window()).isEqualTo(WINDOW);
        int context = call("context");
        client.send(context, noise(WINDOW));
        settle();
        assertThat(engine.stream(context).bytes.size()).isEqualTo(WINDOW);
        assertWhole();
    }

    @Test
    void answerWhenItIsRefusedFailsAloneAndWithTheReason() {
        join(message -> {
            throw new GrpcRefusal(GrpcStatus.NOT_FOUND, "The Dockerfile names x: not found");
        });
        List<Integer> contexts = new ArrayList<>();
        contexts.add(call("context"));
        int changed = call("changed");
        client.send(changed, framed(noise(100)));
        read();
        contexts.add(call("context"));
        assertThat(engine.stream(changed).ended).isTrue();
        assertThat(engine.stream(changed).last).hasValueSatisfying(trailers -> {
            assertThat(trailers.get(GrpcHeaders.STATUS)).hasToString("5");
            assertThat(trailers.get(GrpcHeaders.MESSAGE)).hasToString("The Dockerfile names x: not found");
        });
        assertThat(client.stream(changed).reset).isPresent();
        for (int context : contexts) {
            client.send(context, noise(3 * WINDOW));
            client.answer(context, GrpcHeaders.okTrailers(), true);
            read();
            assertThat(engine.stream(context).bytes.size()).isEqualTo(3 * WINDOW);
            assertThat(client.stream(context).first)
                    .hasValueSatisfying(
                            headers -> assertThat(headers.get("dir-name")).hasToString("name-context"));
        }
        assertWhole();
    }

    @Test
    void answerWhenItIsCompressedIsRefused() {
        join(List::of);
        int changed = call("changed");
        client.send(changed, new byte[] {1, 0, 0, 0, 1, 7});
        settle();
        assertThat(engine.stream(changed).last)
                .hasValueSatisfying(trailers ->
                        assertThat(trailers.get(GrpcHeaders.MESSAGE)).asString().contains("compressed"));
        assertWhole();
    }

    @Test
    void callWhenTheEngineGivesItUpIsGivenUpToTheClient() {
        join(List::of);
        int changed = call("changed");
        client.send(changed, framed(noise(2 * WINDOW)));
        settle();
        engine.reset(changed);
        settle();
        assertThat(client.stream(changed).reset).isPresent();
        int context = call("context");
        client.send(context, noise(WINDOW / 2));
        read();
        assertThat(engine.stream(context).bytes.size()).isEqualTo(WINDOW / 2);
        assertWhole();
    }

    /** Netty's codec keeps to the table of 4 KiB that every receiver has; others use what they are granted. */
    @Test
    void callWhenTheClientGrantsALargerTableOfHeadersMayUseIt() throws Http2Exception {
        List<String> called = new ArrayList<>();
        ResponseFrameRelay.join(ofEngine, ofClient, headers -> {
            called.add(headers.path().toString());
            return Optional.empty();
        });
        ByteBuf setting = Unpooled.buffer()
                .writeShort(Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE)
                .writeInt(8192);
        ofClient.writeInbound(Http2Frame.bytes(Http2FrameTypes.SETTINGS, new Http2Flags(), 0, setting));
        // A block begins with the new size (RFC 7541, section 6.3): 8192 as a number with a prefix of five bits.
        ByteBuf block = Unpooled.buffer().writeBytes(new byte[] {0x3f, (byte) 0xe1, 0x3f});
        new DefaultHttp2HeadersEncoder().encodeHeaders(1, request("context"), block);
        ofEngine.writeInbound(
                Http2CodecUtil.connectionPrefaceBuf(),
                Http2Frame.bytes(
                        Http2FrameTypes.HEADERS,
                        new Http2Flags().endOfHeaders(true).endOfStream(true),
                        1,
                        block));
        assertThat(called).containsExactly("context");
        assertThat(ofEngine.isOpen()).isTrue();
    }

    @Test
    void connectionWhenOneEndsEndsTheOther() {
        join(List::of);
        ofClient.close();
        ofEngine.runPendingTasks();
        assertThat(ofEngine.isOpen()).isFalse();
    }
}
