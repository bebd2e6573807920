package io.dockerworkflow.internal.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "a\\nb\\n,       a|b",
        "a\\nb,          a|b",
        "a\\r\\nb\\r\\n, a|b",
        "a\\n\\nb\\n,    a||b",
        "a\\r\\n\\r\\nb, a||b",
        "1%\\r2%\\r\\n,  1%|2%",
        "\\r1%\\r\\r2%,  1%|2%",
        "a\\r\\r\\nb,    a|b",
    })
    void acceptWhenSplitAnywhereGivesTheSameLines(String text, String expected) {
        byte[] bytes = text.translateEscapes().getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            lines.clear();
            LineSplitter splitter = splitter(List.of(), 100);
            splitter.accept(bytes, 0, cut);
            splitter.accept(bytes, cut, bytes.length - cut);
            splitter.finish();
            assertThat(String.join("|", lines)).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    @Test
    void acceptWhenACharacterIsCutInTwoPutsItTogether() {
        byte[] bytes = "aä€😀b\n".getBytes(StandardCharsets.UTF_8);
        LineSplitter splitter = splitter(List.of(), 100);
        for (byte b : bytes) {
            splitter.accept(new byte[] {b}, 0, 1);
        }
        splitter.finish();
        assertThat(lines).containsExactly("aä€😀b");
    }

    @Test
    void acceptWhenBytesAreNoTextReplacesThem() {
        LineSplitter splitter = splitter(List.of(), 100);
        splitter.accept(new byte[] {'a', (byte) 0xff, 'b', '\n', (byte) 0xe2}, 0, 5);
        splitter.finish();
        assertThat(lines).containsExactly("a\ufffdb", "\ufffd");
    }

    @Test
    void acceptWhenALineIsTooLongGivesPieces() {
        feed(splitter(List.of(), 10), "0123456789".repeat(3) + "x\n", 7);
        assertThat(lines).containsExactly("0123456789", "0123456789", "0123456789", "x");
    }

    @Test
    void acceptWhenALineIsJustLongEnoughGivesItWhole() {
        feed(splitter(List.of(), 10), "0123456789\nx\n", 3);
        assertThat(lines).containsExactly("0123456789", "x");
    }

    @Test
    void acceptWhenASecretIsCutByChunksMasksIt() {
        for (int chunk = 1; chunk < 20; chunk++) {
            lines.clear();
            feed(splitter(List.of("hunter2"), 100), "it is hunter2, hunter2!\n", chunk);
            assertThat(lines).containsExactly("it is ***, ***!");
        }
    }

    @Test
    void acceptWhenASecretLiesWhereALongLineIsCutMasksIt() {
        for (int before = 0; before < 40; before++) {
            lines.clear();
            feed(splitter(List.of("hunter2"), 10), "x".repeat(before) + "hunter2" + "y".repeat(30) + "\n", 5);
            assertThat(String.join("", lines)).isEqualTo("x".repeat(before) + "***" + "y".repeat(30));
        }
    }

    private LineSplitter splitter(List<String> secrets, int longest) {
        return new LineSplitter(new SecretMask(secrets), longest, lines::add);
    }

    private static void feed(LineSplitter splitter, String text, int chunk) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += chunk) {
            splitter.accept(bytes, at, Math.min(chunk, bytes.length - at));
        }
        splitter.finish();
    }
}
