package io.dockerworkflow.dood.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What the stream is made of is released, however it ends. */
class GunzipTest {
    private final ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
    private final Gunzip gunzip = new Gunzip(new Collector());

    @Test
    void streamWhenItIsWholeIsUnpacked() throws IOException {
        byte[] archive = new byte[3000];
        new Random(1).nextBytes(archive);
        byte[] packed = packed(archive);
        ByteBuf first = Unpooled.copiedBuffer(packed, 0, 1000);
        ByteBuf second = Unpooled.copiedBuffer(packed, 1000, packed.length - 1000);
        gunzip.feed(first, out -> {});
        gunzip.feed(second, out -> {});
        gunzip.end(out -> {});
        gunzip.close();
        assertThat(unpacked.toByteArray()).isEqualTo(archive);
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }

    @Test
    void streamWhenItIsGivenUpIsReleased() throws IOException {
        byte[] packed = packed("archive".repeat(1000).getBytes(StandardCharsets.UTF_8));
        // The header alone, of which the decoder waits for more.
        ByteBuf piece = Unpooled.copiedBuffer(Arrays.copyOf(packed, 7));
        gunzip.feed(piece, out -> {});
        assertThat(piece.refCnt()).as("held").isPositive();
        gunzip.close();
        gunzip.close();
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void streamWhenItIsBrokenIsReleased() throws IOException {
        byte[] packed = packed("archive".repeat(1000).getBytes(StandardCharsets.UTF_8));
        Arrays.fill(packed, 12, packed.length, (byte) 0xff);
        ByteBuf piece = Unpooled.copiedBuffer(packed);
        assertThatThrownBy(() -> gunzip.feed(piece, out -> {})).isInstanceOf(RuntimeException.class);
        gunzip.close();
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void streamWhenItIsPackedInAnotherWayIsRefusedAndReleased() {
        ByteBuf piece = Unpooled.copiedBuffer(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0});
        assertThatThrownBy(() -> gunzip.feed(piece, out -> {}))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("compressed in another way");
        assertThat(piece.refCnt()).isZero();
    }

    private static byte[] packed(byte[] archive) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(archive);
        }
        return packed.toByteArray();
    }

    private final class Collector implements ByteTransform {
        @Override
        public void feed(ByteBuf piece, Consumer<ByteBuf> out) {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes).release();
            unpacked.writeBytes(bytes);
        }

        @Override
        public void end(Consumer<ByteBuf> out) {
            // all is collected
        }
    }
}
