package io.dockerworkflow.examples.cli;

import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code bin/docker-workflow} as a process of its own. */
final class Cli implements AutoCloseable {
    private static final Pattern SESSION = Pattern.compile("session ([0-9a-f]{8}) ");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final CompletableFuture<Void> drained;

    private Cli(Process process) {
        this.process = process;
        this.drained = CompletableFuture.allOf(
                Background.run(() -> drain(process.getInputStream(), out)),
                Background.run(() -> drain(process.getErrorStream(), err)));
    }

    /** What a run of it came to. */
    record Ended(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("bin/docker-workflow"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    static Cli start(Map<String, String> environment, String... arguments) {
        // A shell that runs a build in the background lets its children ignore SIGINT, and they pass that on.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
        command.add(root().resolve("bin/docker-workflow").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            return new Cli(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Ended run(String... arguments) {
        return run(Map.of(), "", arguments);
    }

    static Ended run(Map<String, String> environment, String input, String... arguments) {
        try (Cli cli = start(environment, arguments)) {
            cli.write(input);
            return cli.end();
        }
    }

    /** Writes all of its input, and its end. */
    void write(String input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It need not read its input.
        }
    }

    /** Waits until it has written this text. */
    void awaitOutput(String text) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            if (!process.isAlive() && drained.isDone() && !out.toString().contains(text)) {
                throw new AssertionError("ended without writing \"" + text + "\": " + out + err);
            }
            return out.toString().contains(text);
        });
    }

    /** The session's id, told on standard error with {@code --verbose}. */
    String session() {
        Matcher matcher = SESSION.matcher(err);
        if (!matcher.find()) {
            throw new AssertionError("no session was opened: " + err);
        }
        return matcher.group(1);
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    Ended end() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still runs after " + PATIENCE + ": " + out + err);
            }
            drained.join();
            return new Ended(process.exitValue(), out.toString(), err.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** Everything on the engine that carries the session's label. */
    static List<String> left(String session) {
        List<String> left = new ArrayList<>();
        Map<String, List<String>> lists = new LinkedHashMap<>();
        lists.put("container", List.of("docker", "ps", "-aq"));
        lists.put("network", List.of("docker", "network", "ls", "-q"));
        lists.put("volume", List.of("docker", "volume", "ls", "-q"));
        lists.forEach((kind, list) -> {
            List<String> command = new ArrayList<>(list);
            command.addAll(List.of("--filter", "label=io.dockerworkflow.session=" + session));
            host(command).forEach(id -> left.add(kind + " " + id));
        });
        return left;
    }

    private static List<String> host(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + output);
            }
            return output.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void drain(InputStream stream, StringBuffer into) {
        try (stream) {
            byte[] buffer = new byte[8192];
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                into.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
