package io.dockerworkflow.dood.gateway.buildkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.buildkit.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoMessageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "solve-buildx-0.29.bin",
                "bridge-solve-buildx-0.29.bin",
                "solve-answer-engine-28.5.bin",
                "history-engine-28.5.bin",
                "status-engine-28.5.bin"
            })
    void messageWhenReadAndWrittenIsTheSame(String name) {
        byte[] recorded = Settings.recorded(name);
        assertThat(ProtoMessage.parse(recorded).toBytes()).isEqualTo(recorded);
    }

    @Test
    void setWhenTheFieldIsThereTakesItsPlace() {
        ProtoMessage message = new ProtoMessage()
                .addNumber(1, 300)
                .add(2, "a")
                .addNumber(99, -1)
                .add(2, "b");
        message.set(2, List.of("c".getBytes(StandardCharsets.UTF_8)));
        assertThat(message.numbers()).containsExactly(1, 2, 99);
        assertThat(ProtoMessage.parse(message.toBytes()).string(2)).isEqualTo("c");
        assertThat(message.number(1)).isEqualTo(300);
        assertThat(message.number(99)).isEqualTo(-1);
    }

    @Test
    void stringMapWhenAKeyComesTwiceHasTheLast() {
        ProtoMessage message = new ProtoMessage()
                .add(1, new ProtoMessage().add(1, "k").add(2, "first").toBytes())
                .add(1, new ProtoMessage().add(2, "second").add(1, "k").toBytes())
                .add(1, new ProtoMessage().add(2, "no key").toBytes());
        assertThat(message.stringMap(1)).isEqualTo(Map.of("k", "second", "", "no key"));
    }

    /** Whatever the bytes are: a message that is written as it was read, or a refusal. */
    @Test
    void parseWhenTheBytesAreRandomReadsOrRefuses() {
        Random random = new Random(42);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            try {
                assertThat(ProtoMessage.parse(bytes).toBytes()).isEqualTo(bytes);
                read++;
            } catch (GrpcRefusal refusal) {
                assertThat(refusal.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void framesWhenTheyComeInPiecesAreWhole() {
        ByteBuf all = Unpooled.wrappedBuffer(
                GrpcFrames.frame("one".getBytes(StandardCharsets.UTF_8)),
                GrpcFrames.frame(new byte[0]),
                GrpcFrames.frame(new byte[70_000]));
        GrpcFrames frames = new GrpcFrames();
        int messages = 0;
        for (byte each : ByteBufUtil.getBytes(all)) {
            messages += frames.take(Unpooled.wrappedBuffer(new byte[] {each})).size();
        }
        assertThat(messages).isEqualTo(3);
        assertThat(frames.isPartial()).isFalse();
    }

    @Test
    void framesWhenCompressedOrHugeAreRefused() {
        ByteBuf compressed = Unpooled.wrappedBuffer(new byte[] {1, 0, 0, 0, 0});
        ByteBuf huge = Unpooled.wrappedBuffer(new byte[] {0, 127, 0, 0, 0});
        assertThatThrownBy(() -> new GrpcFrames().take(compressed)).hasMessageContaining("compressed");
        assertThatThrownBy(() -> new GrpcFrames().take(huge)).hasMessageContaining("longer");
    }
}
