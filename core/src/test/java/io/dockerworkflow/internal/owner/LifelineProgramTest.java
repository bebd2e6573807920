package io.dockerworkflow.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifelineProgramTest {
    private static final Map<String, String> GO_NAMES = Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64");

    @Test
    void executableWhenItsInputEndsExitsWithZeroAndNotBefore(@TempDir Path directory) throws Exception {
        LifelineProgram program =
                LifelineProgram.of(GO_NAMES.get(System.getProperty("os.arch"))).orElseThrow();
        Path file = directory.resolve("lifeline");
        Files.write(file, program.executable());
        assertThat(file.toFile().setExecutable(true)).isTrue();

        Process process = new ProcessBuilder(file.toString()).start();
        process.getOutputStream().write(new byte[1000]);
        process.getOutputStream().flush();

        assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        process.getOutputStream().close();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void executablesHaveTheSizeOfAFewHundredBytes() {
        for (LifelineProgram program : LifelineProgram.values()) {
            assertThat(program.executable()).hasSizeBetween(120, 200).startsWith(0x7f, 'E', 'L', 'F');
        }
    }

    /** What a cross assembler made of the listing, and an emulator ran; few machines can check it otherwise. */
    @Test
    void codeForArm64IsWhatTheAssemblerMadeOfIt() {
        byte[] executable = LifelineProgram.ARM64.executable();

        assertThat(HexFormat.of().formatHex(executable, 120, executable.length))
                .isEqualTo("000080d2e10302d1021080d2e80780d2010000d41f0000f14cffff54000080d2a80b80d2010000d4");
    }
}
