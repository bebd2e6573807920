package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.dockerworkflow.dood.gateway.stream.Gunzip;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A translation that takes its time: what comes behind the Dockerfile waits, and none of it is lost. */
class ContextRewriterTest {
    private static final String TRANSLATED = "FROM translated, and longer than before\n";

    private final List<ByteBuf> pieces = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private CompletableFuture<String> translation = new CompletableFuture<>();
    private final ByteTransform context =
            new Gunzip(new ContextRewriter(Set.of("Dockerfile", "dockerfile"), text -> translation, true));

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 512, 1000, 100_000})
    void contextWhenTheTranslationTakesItsTimeArrivesWhole(int size) throws IOException {
        assertPasses(archive(), size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void contextWhenItIsPackedArrivesWhole(int size) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(archive());
        }
        assertPasses(packed.toByteArray(), size);
    }

    @Test
    void contextWhenTheTranslationFailsFailsAndIsReleased() throws IOException {
        feed(archive());
        translation.completeExceptionally(new ApiException(409, "ended"));
        assertThatThrownBy(() -> context.proceed(this::take)).hasRootCauseInstanceOf(ApiException.class);
        context.close();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    private void assertPasses(byte[] archive, int size) throws IOException {
        int waits = 0;
        for (int at = 0; at < archive.length; at += size) {
            feed(Arrays.copyOfRange(archive, at, Math.min(archive.length, at + size)));
            while (context.awaited().isPresent()) {
                waits++;
                assertThat(out.toString(StandardCharsets.ISO_8859_1)).doesNotContain(waits == 1 ? "between" : "behind");
                CompletableFuture<String> asked = translation;
                translation = new CompletableFuture<>();
                asked.complete(TRANSLATED);
                context.proceed(this::take);
            }
        }
        context.end(this::take);
        context.close();
        assertThat(waits).isEqualTo(2);
        assertThat(entries(out.toByteArray()))
                .containsExactly(
                        "before: 1",
                        "Dockerfile: " + TRANSLATED,
                        "between: 2",
                        "dockerfile: " + TRANSLATED,
                        "behind: 3");
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    private void feed(byte[] bytes) {
        ByteBuf piece = Unpooled.copiedBuffer(bytes);
        pieces.add(piece);
        context.feed(piece, this::take);
    }

    private void take(ByteBuf bytes) {
        byte[] content = new byte[bytes.readableBytes()];
        bytes.readBytes(content);
        bytes.release();
        out.writeBytes(content);
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            add(tar, "before", "1");
            add(tar, "Dockerfile", "FROM first\n");
            add(tar, "between", "2");
            add(tar, "dockerfile", "FROM second\n");
            add(tar, "behind", "3");
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length());
        tar.putArchiveEntry(entry);
        tar.write(content.getBytes(StandardCharsets.UTF_8));
        tar.closeArchiveEntry();
    }

    private static List<String> entries(byte[] archive) throws IOException {
        List<String> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(entry.getName() + ": " + new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }
}
