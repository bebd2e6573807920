package io.dockerworkflow.dood.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Commands on the engine itself, past every session. */
public final class Host {
    private Host() {}

    /** Runs a command that has to succeed; its output, without the white space around it. */
    public static String run(Path directory, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** The ids of all images. */
    public static List<String> imageIds() throws IOException, InterruptedException {
        return run(Path.of("."), List.of("docker", "images", "-aq", "--no-trunc"))
                .lines()
                .toList();
    }
}
