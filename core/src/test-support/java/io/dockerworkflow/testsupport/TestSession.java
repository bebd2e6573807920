package io.dockerworkflow.testsupport;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.step.StepPlacement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A session of no particular mode, for tests of what all modes share. */
public final class TestSession implements AutoCloseable {
    private final SessionScope scope;

    private TestSession(SessionScope scope) {
        this.scope = scope;
    }

    public static TestSession open(SessionOptions options) {
        return open(new Owners(), options);
    }

    public static TestSession open(Owners owners, SessionOptions options) {
        SessionScope scope = SessionScope.open(owners, Mode.DOOD, options);
        return scope.opened(new TestSession(scope));
    }

    /** The id of a session whose process was killed, with its children still there, and no watchdog to remove them. */
    public static SessionId killed() throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        VictimMain.class.getName(),
                        "false",
                        "wait")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            return new SessionId(output.readLine());
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    public SessionId id() {
        return scope.id();
    }

    public Children children() {
        return new Children(scope.names());
    }

    public Path directory() {
        return scope.directory();
    }

    public StepResult runStep(String... command) {
        return run(Step.of(command).image("busybox"));
    }

    public StepResult run(Step step) {
        return scope.run(
                step,
                new StepPlacement(
                        scope.engine(),
                        Optional.empty(),
                        scope.names()::engineName,
                        scope.names().labels(),
                        List.of(),
                        Map.of(),
                        Optional.empty()));
    }

    public void onClose(AutoCloseable action) {
        scope.own(action);
    }

    public List<String> read(String file) {
        try {
            return Files.readAllLines(directory().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void cancel() {
        scope.cancel();
    }

    public TeardownReport teardown() {
        return scope.teardown(Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        scope.close();
    }
}
