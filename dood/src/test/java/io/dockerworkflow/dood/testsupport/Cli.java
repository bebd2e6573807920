package io.dockerworkflow.dood.testsupport;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.testsupport.Background;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the docker CLI in a session, as a build would. */
public final class Cli {
    private final DockerSession session;
    private final Map<String, String> variables;

    public Cli(DockerSession session) {
        this(session, Map.of());
    }

    /** With these variables beside the environment's. */
    public Cli(DockerSession session, Map<String, String> variables) {
        this.session = session;
        this.variables = variables;
    }

    /** What came of a command; both streams together in {@code output}. */
    public record Result(int code, String output) {
        /** The output, if the command succeeded. */
        public String ok() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + ": " + output);
            }
            return output;
        }
    }

    /** The command for what happened to images between two times, in that format. */
    public static String[] imageEvents(String since, String until, String format) {
        return new String[] {"events", "--since", since, "--until", until, "--filter", "type=image", "--format", format
        };
    }

    public Result docker(String... arguments) {
        return dockerWithInput("", arguments);
    }

    public Result dockerWithInput(String input, String... arguments) {
        Process process = start(arguments);
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // a command that does not read its input may have ended
        }
        return result(process);
    }

    public Process start(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        ProcessBuilder process = session.configure(new ProcessBuilder(command).redirectErrorStream(true));
        process.environment().putAll(variables);
        try {
            return process.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of a command, which must come within a minute. */
    public static Result result(Process process) {
        // What there is of it says where the command hangs.
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        CompletableFuture<Void> ended = Background.run(() -> {
            try {
                process.getInputStream().transferTo(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after a minute: " + process.info() + ": "
                        + output.toString(StandardCharsets.UTF_8));
            }
            ended.join();
            return new Result(
                    process.exitValue(), output.toString(StandardCharsets.UTF_8).strip());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
