package io.dockerworkflow.examples.benchmark.measure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program that is run to its end. Immutable.
 *
 * @param words the program and its arguments
 * @param dockerHost what DOCKER_HOST is for it
 */
public record Command(List<String> words, String dockerHost) {
    private static final List<String> FOREIGN =
            List.of("DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_API_VERSION");

    /** The docker CLI, as a client of that socket. */
    public static Command docker(Path socket, String... arguments) {
        List<String> words = new ArrayList<>(List.of("docker"));
        words.addAll(Arrays.asList(arguments));
        return new Command(List.copyOf(words), "unix://" + socket);
    }

    /**
     * Runs it and returns what it printed, without the last line end.
     *
     * @throws IllegalStateException if it fails; the message holds its own words
     */
    public String run() {
        try {
            Path output = Files.createTempFile("dw-bench-", ".out");
            try {
                run(ProcessBuilder.Redirect.to(output.toFile()));
                return Files.readString(output).stripTrailing();
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot keep the output of " + words, e);
        }
    }

    /** Runs it, throws its output away and returns how many milliseconds that took, from its start to its end. */
    public double milliseconds() {
        long begun = System.nanoTime();
        run(ProcessBuilder.Redirect.DISCARD);
        return (System.nanoTime() - begun) / 1e6;
    }

    /** Starts it; its standard error is this process's. */
    public Process start(ProcessBuilder.Redirect output) {
        try {
            return builder()
                    .redirectOutput(output)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start " + words, e);
        }
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(words);
        FOREIGN.forEach(builder.environment()::remove);
        builder.environment().put("DOCKER_HOST", dockerHost);
        // What is measured is the engine's own API, not BuildKit's session within it.
        builder.environment().put("DOCKER_BUILDKIT", "0");
        return builder.redirectInput(
                ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }

    private void run(ProcessBuilder.Redirect output) {
        try {
            Process process = builder().redirectOutput(output).start();
            try (InputStream errors = process.getErrorStream()) {
                String said = new String(errors.readAllBytes(), StandardCharsets.UTF_8);
                int code = process.waitFor();
                if (code != 0) {
                    throw new IllegalStateException(String.join(" ", words) + " at " + dockerHost + " ended with "
                            + code + ": " + said.strip());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot run " + words, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while running " + words, e);
        }
    }
}
