package io.dockerworkflow.dood;

import io.dockerworkflow.DockerSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the newest clients in a session: docker with its plugins buildx and compose, which {@code bin/engine clients} provides. */
final class NewClients {
    private static final Path ENGINE =
            Path.of("..", "bin", "engine").toAbsolutePath().normalize();

    private final DockerSession session;

    NewClients(DockerSession session) {
        this.session = session;
    }

    /** Runs docker in a directory, with these variables beside the environment's. */
    Cli.Result docker(Path directory, Map<String, String> variables, String... arguments) {
        return Cli.result(start(directory, variables, arguments));
    }

    Cli.Result docker(Path directory, String... arguments) {
        return docker(directory, Map.of(), arguments);
    }

    Process start(Path directory, Map<String, String> variables, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("bash", "-c", "eval \"$(\"$0\" clients)\" && exec docker \"$@\"", ENGINE.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = session.configure(
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true));
        process.environment().putAll(variables);
        try {
            return process.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an engine of Debian's newest release, or finds the one that runs, and says where it is. */
    static Path newestEngine() {
        ProcessBuilder process = new ProcessBuilder(
                "bash", "-c", "\"$0\" newer sid | sed -n 's,^export DOCKER_HOST=unix://,,p'", ENGINE.toString());
        process.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process started = process.start();
            started.getOutputStream().close();
            String socket = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (socket.isEmpty()) {
                throw new AssertionError("bin/engine newer sid names no socket; its words are above");
            }
            return Path.of(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
