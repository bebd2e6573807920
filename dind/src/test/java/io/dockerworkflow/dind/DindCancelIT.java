package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.PullImageResultCallback;
import io.dockerworkflow.testsupport.Background;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session's clients wait for on its daemon, when the session is cancelled. */
@Timeout(120)
class DindCancelIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SILENT = "localhost:5000/";

    @TempDir
    Path directory;

    private final DindSession session = DindWorkflow.create().seed("busybox").open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void cancelWhenClientsPullEndsThePullsAndNothingElse() throws Exception {
        startSilentRegistry();
        Process other = start("run", "--rm", "-i", "busybox", "cat");
        Process pull = start("pull", SILENT + "one");
        CompletableFuture<Void> pulledByApi = Background.run(() -> {
            try {
                session.docker()
                        .pullImageCmd(SILENT + "two")
                        .exec(new PullImageResultCallback())
                        .awaitCompletion();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().atMost(SOON).until(() -> asked() >= 2);
        assertThat(pull.isAlive()).isTrue();

        session.cancel();

        assertThat(pull.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(pull.exitValue()).isNotZero();
        assertThatThrownBy(() -> pulledByApi.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        assertThat(other.isAlive()).as("a container that is attached to").isTrue();
        other.getOutputStream().write("still there\n".getBytes(StandardCharsets.UTF_8));
        other.getOutputStream().close();
        assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("still there\n");
        assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(docker("run", "--rm", "busybox", "echo", "on")).isEqualTo("on");
    }

    @Test
    void cancelWhenAClientBuildsEndsTheBuildAndWhatItRuns() throws Exception {
        Files.writeString(directory.resolve("Dockerfile"), "FROM busybox\nRUN sleep 600\n");
        Process build = start("build", "--no-cache", "-t", "app", directory.toString());
        awaitRun(build);

        session.cancel();

        assertThat(build.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(build.exitValue()).isNotZero();
        await().atMost(SOON).until(() -> docker("ps", "-q").isEmpty());
    }

    private static void awaitRun(Process build) throws IOException {
        BufferedReader output = build.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.contains("Running in ")) {
            line = output.readLine();
        }
        assertThat(line).isNotNull();
    }

    /** A registry on the daemon's loopback that takes connections, and says nothing. */
    private void startSilentRegistry() {
        docker(
                "run",
                "-d",
                "--name",
                "registry",
                "--network",
                "host",
                "busybox",
                "nc",
                "-ll",
                "-p",
                "5000",
                "-e",
                "sh",
                "-c",
                "echo asked >&2; sleep 600");
    }

    private long asked() {
        return docker("logs", "registry").lines().filter("asked"::equals).count();
    }

    private String docker(String... arguments) {
        return Command.run(builder(arguments));
    }

    private Process start(String... arguments) throws IOException {
        return builder(arguments).redirectErrorStream(true).start();
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return session.configure(new ProcessBuilder(command));
    }
}
