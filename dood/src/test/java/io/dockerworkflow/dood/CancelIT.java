package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.exception.NotFoundException;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.testsupport.SilentRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session's clients wait for, when the session is cancelled or closed. */
@Timeout(90)
class CancelIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String SAID = "the session that this was part of has been cancelled or closed";

    @TempDir
    private Path directory;

    private final SilentRegistry registry = SilentRegistry.start();
    private final DockerSession session = DoodWorkflow.create().open();

    @AfterEach
    void close() {
        session.close();
        registry.close();
    }

    @Test
    void cancelWhenClientPullsEndsThePullAndTheSessionGoesOn() throws Exception {
        Process pull = pull();

        session.cancel();

        assertThat(Cli.result(pull).output()).contains(SAID);
        assertThat(new Cli(session)
                        .docker("run", "--rm", "busybox", "echo", "on")
                        .ok())
                .isEqualTo("on");
    }

    @Test
    void closeWhenClientPullsDoesNotWaitForIt() throws Exception {
        Process pull = pull();

        TeardownReport report = session.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.took()).isLessThan(SOON);
        assertThat(pull.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelWhenClientBuildsEndsTheBuildAndWhatItRuns() throws Exception {
        Process build = build();
        String container = container(build);

        session.cancel();

        assertThat(Cli.result(build).output()).contains(SAID);
        assertThat(build.exitValue()).isNotZero();
        await().atMost(SOON).until(() -> isGone(container));
    }

    @Test
    void closeWhenClientBuildsDoesNotWaitForIt() throws Exception {
        Process build = build();
        String container = container(build);

        TeardownReport report = session.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.took()).isLessThan(SOON);
        assertThat(build.waitFor(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(SOON).until(() -> isGone(container));
    }

    private Process pull() {
        Process pull = new Cli(session).start("pull", registry.image());
        await().atMost(SOON).until(registry::isAsked);
        return pull;
    }

    private Process build() throws IOException {
        Files.writeString(directory.resolve("Dockerfile"), "FROM busybox\nRUN sleep 600\n");
        return new Cli(session).start("build", "-t", "app", directory.toString());
    }

    /** The container in which the build runs its command, once it does. */
    private static String container(Process build) throws IOException {
        BufferedReader output = build.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.contains("Running in ")) {
            line = output.readLine();
        }
        assertThat(line).isNotNull();
        String container = line.replaceAll(".*Running in ([0-9a-f]+).*", "$1");
        await().atMost(SOON).until(() -> !isGone(container));
        return container;
    }

    private static boolean isGone(String container) {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return !Boolean.TRUE.equals(engine.docker()
                    .inspectContainerCmd(container)
                    .exec()
                    .getState()
                    .getRunning());
        } catch (NotFoundException e) {
            return true;
        }
    }
}
