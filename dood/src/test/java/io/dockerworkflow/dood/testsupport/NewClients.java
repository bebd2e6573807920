package io.dockerworkflow.dood.testsupport;

import io.dockerworkflow.DockerSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the newest clients in a session: docker with its plugins buildx and compose, which {@code bin/engine clients} provides. */
public final class NewClients {
    private static final Path ENGINE =
            Path.of("..", "bin", "engine").toAbsolutePath().normalize();

    private final DockerSession session;

    public NewClients(DockerSession session) {
        this.session = session;
    }

    /** Looked for once: they stay where they are. */
    private static final class Found {
        static final Map<String, String> ENVIRONMENT = environment();

        private static Map<String, String> environment() {
            List<String> found = lines("eval \"$(\"$0\" clients)\" && printf '%s\\n' \"$PATH\" \"$DOCKER_CONFIG\"");
            return Map.of("PATH", found.get(0), "DOCKER_CONFIG", found.get(1));
        }
    }

    private static final class FoundRegistry {
        static final Path PROGRAM = Path.of(lines("\"$0\" registry").get(0));
    }

    /** Runs docker in a directory, with these variables beside the environment's. */
    public Cli.Result docker(Path directory, Map<String, String> variables, String... arguments) {
        return Cli.result(start(directory, variables, arguments));
    }

    public Cli.Result docker(Path directory, String... arguments) {
        return docker(directory, Map.of(), arguments);
    }

    public Process start(Path directory, Map<String, String> variables, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return startAny(directory, variables, command);
    }

    /** Any program that finds these clients, and through them the session. */
    public Process startAny(Path directory, Map<String, String> variables, List<String> command) {
        // By a shell, since a ProcessBuilder looks for programs on this process's own PATH.
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "exec \"$@\"", "sh"));
        shell.addAll(command);
        ProcessBuilder process = session.configure(
                new ProcessBuilder(shell).directory(directory.toFile()).redirectErrorStream(true));
        process.environment().putAll(Found.ENVIRONMENT);
        process.environment().putAll(variables);
        try {
            return process.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program of a registry, which is fetched if it is not there; a machine that cannot have it fails with the reason. */
    static Path registry() {
        return FoundRegistry.PROGRAM;
    }

    private static List<String> lines(String script) {
        ProcessBuilder process = new ProcessBuilder("bash", "-c", script, ENGINE.toString());
        process.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process started = process.start();
            started.getOutputStream().close();
            List<String> lines = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (lines.isEmpty()) {
                throw new AssertionError(
                        "bin/engine says nothing to \"" + script + "\"; its words are above, see docs/engine.md");
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
