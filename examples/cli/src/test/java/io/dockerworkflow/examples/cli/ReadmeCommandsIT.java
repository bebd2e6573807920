package io.dockerworkflow.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The command lines in README, run. */
class ReadmeCommandsIT {

    @TestFactory
    List<DynamicTest> commandWhenRunAsShownSucceeds() throws IOException {
        List<DynamicTest> tests = Files.readAllLines(Cli.root().resolve("README.md")).stream()
                .filter(line -> line.startsWith("bin/docker-workflow "))
                .map(line -> DynamicTest.dynamicTest(line, () -> succeeds(line)))
                .toList();
        assertThat(tests).hasSizeGreaterThan(3);
        return tests;
    }

    private static void succeeds(String line) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", line)
                .directory(Cli.root().toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
    }
}
