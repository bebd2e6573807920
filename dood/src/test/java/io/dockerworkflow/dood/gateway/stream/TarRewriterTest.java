package io.dockerworkflow.dood.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives are written and read by commons-compress, which knows the formats (POSIX.1-2001 pax, GNU, ustar) by itself. */
class TarRewriterTest {
    private static final String LONG = "a".repeat(99) + "/" + "b".repeat(60) + "/manifest.json";

    private final Set<String> asked = new TreeSet<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
    private final List<ByteBuf> pieces = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** Changes each file whose name ends with "manifest.json". */
    private TarRewriter rewriter(String replacement) {
        return new TarRewriter(path -> {
            // The blocks of zeros at the end are read as files without a name.
            if (!path.isEmpty()) {
                asked.add(path);
            }
            return path.endsWith("manifest.json")
                    ? Optional.of(TarRewriter.Editor.of(
                            content -> (replacement + content.length).getBytes(StandardCharsets.UTF_8)))
                    : Optional.empty();
        });
    }

    private void file(String name, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length());
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content.getBytes(StandardCharsets.US_ASCII));
        tar.closeArchiveEntry();
    }

    private void other(String name, byte type, String link) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setLinkName(link);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private byte[] archive() throws IOException {
        tar.close();
        return bytes.toByteArray();
    }

    private void feed(TarRewriter rewriter, byte[] archive, int size) {
        for (int at = 0; at < archive.length; at += size) {
            ByteBuf piece = Unpooled.copiedBuffer(archive, at, Math.min(size, archive.length - at));
            pieces.add(piece);
            rewriter.feed(piece, this::take);
        }
    }

    private byte[] rewrite(byte[] archive, int size, String replacement) {
        TarRewriter rewriter = rewriter(replacement);
        feed(rewriter, archive, size);
        rewriter.end(this::take);
        rewriter.close();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
        return sent.toByteArray();
    }

    private void take(ByteBuf piece) {
        byte[] content = new byte[piece.readableBytes()];
        piece.readBytes(content).release();
        sent.writeBytes(content);
    }

    private static List<String> entries(byte[] archive) throws IOException {
        List<String> entries = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(entry.isCheckSumOK()).as(entry.getName()).isTrue();
                entries.add(entry.getName() + "=" + new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            }
        }
        return entries;
    }

    @Nested
    class Edit {
        @ParameterizedTest
        @ValueSource(ints = {1, 511, 512, 513, 700, 100_000})
        void archiveWhenItComesInPiecesIsChangedInTheSameWay(int size) throws IOException {
            file("before", "x".repeat(512));
            file("manifest.json", "12345");
            file("empty", "");
            file("sub/manifest.json", "y".repeat(1024));
            file("behind", "z".repeat(700));
            byte[] archive = archive();
            assertThat(entries(rewrite(archive, size, "longer than it was before: ")))
                    .containsExactly(
                            "before=" + "x".repeat(512),
                            "manifest.json=longer than it was before: 5",
                            "empty=",
                            "sub/manifest.json=longer than it was before: 1024",
                            "behind=" + "z".repeat(700));
            assertThat(asked).containsExactly("before", "behind", "empty", "manifest.json", "sub/manifest.json");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 511, 512, 513, 5000})
        void fileWhenItsNewSizeIsAnyIsPaddedToBlocks(int size) throws IOException {
            file("manifest.json", "12345");
            file("behind", "z");
            assertThat(entries(rewrite(archive(), 4096, "x".repeat(size))))
                    .containsExactly("manifest.json=" + "x".repeat(size) + "5", "behind=z");
        }

        @Test
        void archiveWhenNothingIsToChangeIsTheSameBytes() throws IOException {
            file("a", "1");
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            file(LONG.replace("manifest", "other"), "2");
            other("dir/", TarConstants.LF_DIR, "");
            byte[] archive = archive();
            assertThat(rewrite(archive, 333, "")).isEqualTo(archive);
        }

        @Test
        void fileWhenItIsEmptyIsNotChanged() throws IOException {
            file("manifest.json", "");
            assertThat(entries(rewrite(archive(), 4096, "x"))).containsExactly("manifest.json=");
        }

        @Test
        void linkWhenItHasTheNameIsNotChanged() throws IOException {
            other("manifest.json", TarConstants.LF_SYMLINK, "elsewhere");
            other("sub/manifest.json", TarConstants.LF_LINK, "elsewhere");
            other("dir.manifest.json/", TarConstants.LF_DIR, "");
            byte[] archive = archive();
            assertThat(rewrite(archive, 100, "x")).isEqualTo(archive);
            assertThat(asked).isEmpty();
        }

        @Test
        void editWhenItFailsFailsTheStream() throws IOException {
            file("manifest.json", "1");
            TarRewriter rewriter = new TarRewriter(path -> Optional.of(TarRewriter.Editor.of(content -> {
                throw ApiException.badRequest("no");
            })));
            byte[] archive = archive();
            assertThatThrownBy(() -> feed(rewriter, archive, 4096)).hasMessage("no");
            assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
        }
    }

    @Nested
    class Path {
        @ParameterizedTest
        @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_POSIX, TarArchiveOutputStream.LONGFILE_GNU})
        void fileWhenItsPathIsLongIsFoundByIt(int mode) throws IOException {
            tar.setLongFileMode(mode);
            file(LONG, "1");
            file("manifest.json", "22");
            assertThat(entries(rewrite(archive(), 1000, "m"))).containsExactly(LONG + "=m1", "manifest.json=m2");
            assertThat(asked).containsExactly(LONG, "manifest.json");
        }

        @Test
        void fileWhenAnEarlierPathWasLongHasItsOwn() throws IOException {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            file(LONG, "1");
            file("other", "22");
            rewrite(archive(), 1000, "m");
            assertThat(asked).containsExactly(LONG, "other");
        }

        @Test
        void fileWhenItsPathIsNotAsciiIsFoundByIt() throws IOException {
            tar.setAddPaxHeadersForNonAsciiNames(true);
            file("ä/manifest.json", "1");
            rewrite(archive(), 1000, "m");
            assertThat(asked).containsExactly("ä/manifest.json");
        }

        @Test
        void fileWhenItsPathIsSplitByUstarIsFoundByTheWhole() {
            byte[] header = header("manifest.json", 1);
            put(header, 257, "ustar\00000");
            put(header, 345, "some/prefix");
            assertThat(askedFor(header)).containsExactly("some/prefix/manifest.json");
        }

        @Test
        void fileWhenItIsOfGnuTarHasNoPrefix() {
            byte[] header = header("manifest.json", 1);
            put(header, 257, "ustar  \0");
            put(header, 345, "1234567");
            assertThat(askedFor(header)).containsExactly("manifest.json");
        }

        @Test
        void fileWhenItIsOfTheHereIsFoundWithoutIt() {
            assertThat(askedFor(header("./manifest.json", 1))).containsExactly("manifest.json");
        }

        @Test
        void fileWhenItsTypeIsOfOldIsFound() {
            byte[] header = header("manifest.json", 1);
            header[156] = 0;
            assertThat(askedFor(header)).containsExactly("manifest.json");
        }

        @Test
        void fileWhenItsNameFillsTheFieldIsFound() {
            assertThat(askedFor(header("x".repeat(100), 1))).containsExactly("x".repeat(100));
        }

        private Set<String> askedFor(byte[] header) {
            rewriter("m").feed(Unpooled.wrappedBuffer(header), TarRewriterTest.this::take);
            return asked;
        }
    }

    @Nested
    class Malformed {
        @Test
        void sizeWhenItIsNoNumberIsRefused() {
            byte[] header = header("a", 0);
            put(header, 124, "12z");
            ByteBuf piece = Unpooled.wrappedBuffer(header);
            assertThatThrownBy(() -> rewriter("m").feed(piece, TarRewriterTest.this::take))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("malformed tar archive");
            assertThat(piece.refCnt()).isZero();
        }

        @Test
        void sizeWhenItIsNegativeIsRefused() {
            byte[] header = header("a", 0);
            Arrays.fill(header, 124, 136, (byte) 0xff);
            assertThatThrownBy(() -> rewriter("m").feed(Unpooled.wrappedBuffer(header), TarRewriterTest.this::take))
                    .hasMessage("malformed tar archive");
        }

        @Test
        void sizeWhenItIsInBase256IsRead() {
            byte[] header = header("a", 0);
            Arrays.fill(header, 124, 136, (byte) 0);
            header[124] = (byte) 0x80;
            // More than 11 octal digits can say.
            header[130] = 0x10;
            TarRewriter rewriter = rewriter("m");
            rewriter.feed(Unpooled.wrappedBuffer(header), TarRewriterTest.this::take);
            assertThat(rewriter.unchanged()).isEqualTo(0x10L << 40);
        }

        @Test
        void headerWhenItIsBrokenOffIsPassedOnAtTheEnd() {
            byte[] part = Arrays.copyOf(header("manifest.json", 1), 300);
            assertThat(rewrite(part, 100, "m")).isEqualTo(part);
        }

        @Test
        void fileWhenItIsBrokenOffLeavesNothingHeld() {
            byte[] part = Arrays.copyOf(header("manifest.json", 10), 515);
            rewrite(part, 100, "m");
            assertThat(asked).containsExactly("manifest.json");
        }

        @Test
        void streamWhenItIsNoArchiveIsPassedOnIfShort() {
            byte[] text = "FROM busybox".getBytes(StandardCharsets.US_ASCII);
            assertThat(rewrite(text, 5, "m")).isEqualTo(text);
        }
    }

    @Test
    void contentWhenItIsNotChangedMayGoPastIt() {
        TarRewriter rewriter = rewriter("m");
        rewriter.feed(Unpooled.wrappedBuffer(header("layer.tar", 2000)), this::take);
        assertThat(rewriter.unchanged()).as("with the padding").isEqualTo(2048);
        rewriter.passed(2000);
        assertThat(rewriter.unchanged()).isEqualTo(48);
        rewriter.passed(48);
        assertThat(rewriter.unchanged()).isZero();
        rewriter.feed(Unpooled.wrappedBuffer(header("manifest.json", 2)), this::take);
        assertThat(rewriter.unchanged()).as("to be changed").isZero();
        assertThat(asked).containsExactly("layer.tar", "manifest.json");
    }

    private static byte[] header(String name, int size) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 124, String.format("%011o", size));
        header[156] = '0';
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
