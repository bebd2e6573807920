package io.dockerworkflow.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.HostConfig;
import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.SweepReport;
import io.dockerworkflow.TeardownException;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import io.dockerworkflow.testsupport.OwnEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions whose engine is killed, started again, stopped, or out of room: an engine of the tests' own. */
@Timeout(180)
class EngineTroubleIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    /** For all tests that leave it as it was. */
    private static Optional<OwnEngine> shared = Optional.empty();

    private OwnEngine engine;
    private SessionScope scope;
    private Child container;
    private Child volume;

    @AfterEach
    void close() {
        if (shared.filter(engine::equals).isEmpty()) {
            engine.close();
        } else if (!isClean()) {
            engine.close();
            shared = Optional.empty();
        }
    }

    private boolean isClean() {
        try {
            return left().isEmpty();
        } catch (AssertionError e) {
            return false; // it does not answer
        }
    }

    @AfterAll
    static void closeShared() {
        shared.ifPresent(OwnEngine::close);
    }

    @Test
    void teardownWhenEngineWasRestartedRemovesEverything() throws IOException {
        open();
        engine.kill();
        engine.startAgain();
        // Its lifeline has ended with the engine, and others must not take the owner for dead.
        await().atMost(SOON).until(() -> session().ownerAlive());
        assertThat(Sessions.sweep(engine.options()).swept()).isEmpty();

        TeardownReport report = scope.teardown(LONG);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed()).containsExactly(container, volume);
        assertNothingIsLeft();
    }

    @Test
    void teardownWhenEngineComesBackInTimeRemovesEverything() throws Exception {
        open();
        engine.kill();
        Thread operator = new Thread(engine::startAgain);
        operator.start();

        TeardownReport report = scope.teardown(LONG);

        operator.join();
        assertThat(report.survivors()).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void closeWhenEngineIsGoneNamesTheUnverifiedAndASweepFinishes() throws IOException {
        open();
        engine.kill();

        TeardownReport report = scope.teardown(SHORT);

        assertThat(report.took()).isLessThan(Duration.ofSeconds(10));
        assertUnverified(report);
        assertThat(new TeardownException(scope.id(), report))
                .hasMessageContaining(container.toString())
                .hasMessageContaining(volume.toString());
        engine.startAgain();
        assertSweepFinishes();
    }

    @Test
    void closeWhenEngineIsDeafNamesTheUnverifiedAndASweepFinishes() throws IOException {
        open();
        engine.pause();

        long begun = System.nanoTime();
        TeardownReport report = scope.teardown(SHORT);

        // The deadline, and ten seconds for the lifeline's end.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(report.took()).isLessThan(Duration.ofSeconds(10));
        assertUnverified(report);
        engine.unpause();
        assertSweepFinishes();
    }

    @Test
    void teardownWhenEngineIsSlowWaitsForItsAnswers() throws Exception {
        open();
        engine.pause();
        Thread operator = new Thread(() -> {
            await().pollDelay(SHORT).until(() -> true);
            engine.unpause();
        });
        operator.start();

        TeardownReport report = scope.teardown(LONG);

        operator.join();
        assertThat(report.survivors()).isEmpty();
        assertThat(report.took()).isGreaterThan(Duration.ofSeconds(1));
        assertNothingIsLeft();
    }

    @Test
    void sessionWhenDiskIsFullSaysSoAndRemovesEverything() throws IOException {
        open(OwnEngine.start(Files.createTempDirectory(directory, "small"), "--tmpfs", "/var/lib/docker:size=64m"));
        engine.exec("dd if=/dev/zero of=/var/lib/docker/full bs=64k 2>/dev/null || true");

        assertThatThrownBy(() ->
                        scope.engine().docker().createContainerCmd("busybox").exec())
                .hasMessageContaining("no space left on device");
        assertThatThrownBy(() -> {
                    SessionScope other = SessionScope.open(Mode.DOOD, engine.options());
                    try {
                        other.opened(other);
                    } finally {
                        other.close();
                    }
                })
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("Could not start the lifeline container")
                .hasMessageContaining("no space left on device");

        TeardownReport report = scope.teardown(LONG);

        // Whatever it could not remove it names, and a sweep does, once there is room.
        engine.exec("rm /var/lib/docker/full");
        SweepReport sweep = Sessions.sweep(engine.options());
        assertThat(sweep.survivors()).isEmpty();
        assertThat(report.removed().size() + report.survivors().size()).isGreaterThanOrEqualTo(2);
        assertNothingIsLeft();
    }

    private void open() throws IOException {
        if (shared.isEmpty()) {
            shared = Optional.of(
                    OwnEngine.start(Files.createTempDirectory(directory, "shared"), "-v", "/var/lib/docker"));
        }
        open(shared.get());
    }

    private void open(OwnEngine started) {
        engine = started;
        scope = SessionScope.open(Mode.DOOD, engine.options());
        scope.opened(scope);
        DockerClient docker = scope.engine().docker();
        volume = new Child(Kind.VOLUME, scope.names().engineName("data"));
        try (ResourceTracker.Announcement announcement = scope.tracker().announce(volume)) {
            docker.createVolumeCmd()
                    .withName(volume.name())
                    .withLabels(scope.names().labels())
                    .exec();
            announcement.created();
        }
        container = new Child(Kind.CONTAINER, scope.names().engineName("db"));
        try (ResourceTracker.Announcement announcement = scope.tracker().announce(container)) {
            docker.createContainerCmd("busybox")
                    .withName(container.name())
                    .withLabels(scope.names().labels())
                    .withCmd("sleep", "600")
                    .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                    .exec();
            announcement.created();
        }
        docker.startContainerCmd(container.name()).exec();
    }

    private SessionInfo session() {
        return Sessions.find(engine.options(), scope.id()).orElseThrow();
    }

    private void assertUnverified(TeardownReport report) {
        assertThat(report.complete()).isFalse();
        assertThat(report.removed()).isEmpty();
        assertThat(report.survivors())
                .extracting(TeardownReport.Survivor::child)
                .containsExactlyInAnyOrder(container, volume);
        assertThat(report.survivors())
                .allSatisfy(survivor -> assertThat(survivor.reason()).startsWith("could not be verified: "));
    }

    private void assertSweepFinishes() {
        await().atMost(SOON).until(() -> !session().ownerAlive());

        SweepReport sweep = Sessions.sweep(engine.options());

        assertThat(sweep.swept()).extracting(SessionInfo::id).containsExactly(scope.id());
        assertThat(sweep.survivors()).isEmpty();
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(left()).isEmpty();
    }

    private List<String> left() {
        List<String> left = new ArrayList<>(engine.inside("ps", "-aq"));
        left.addAll(engine.inside("volume", "ls", "-q"));
        return left;
    }
}
