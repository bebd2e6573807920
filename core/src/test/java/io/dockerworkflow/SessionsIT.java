package io.dockerworkflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.SessionInfo.ChildInfo;
import io.dockerworkflow.TeardownReport.Manner;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.testsupport.TestSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What anyone can see of the sessions on a real engine, and the sweep of those whose owners are dead. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsIT {
    private static final SessionOptions ENGINE = SessionOptions.defaults();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Shared, for the first session of each sweeps in the background, and would take from a test what that is to sweep. */
    private final Owners owners = new Owners();

    @BeforeAll
    void openFirst() {
        TestSession.open(owners, ENGINE).close();
    }

    @Test
    void listWhileSessionIsOpenShowsItWithItsChildren() {
        try (TestSession session = TestSession.open(owners, ENGINE.label("job", "42"))) {
            String container = session.children().container("-p", "127.0.0.1::80", "busybox", "sleep", "600");
            String network = session.children().network();

            SessionInfo info = Sessions.find(ENGINE, session.id()).orElseThrow();

            assertThat(info.mode()).contains(Mode.DOOD);
            assertThat(info.ownerAlive()).isTrue();
            assertThat(info.labels()).containsEntry("job", "42").hasSize(1);
            assertThat(info.since())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(2));
            assertThat(info.keptUntil()).isEmpty();
            assertThat(info.children())
                    .extracting(ChildInfo::child)
                    .containsExactlyInAnyOrder(new Child(Kind.CONTAINER, container), new Child(Kind.NETWORK, network));
            ChildInfo child = info.children().get(0);
            assertThat(child.state()).isEqualTo("running");
            assertThat(child.ports()).singleElement().asString().endsWith("->80/tcp");
        }
    }

    @Test
    void listWhenSessionIsClosedDoesNotShowIt() {
        TestSession session = TestSession.open(owners, ENGINE);
        session.children().volume();
        session.close();

        assertThat(Sessions.find(ENGINE, session.id())).isEmpty();
    }

    @Test
    void sweepWhenOwnerWasKilledRemovesItsChildrenAndNobodyElses() throws Exception {
        try (TestSession alive = TestSession.open(owners, ENGINE)) {
            alive.children().volume();
            SessionId dead = TestSession.killed();
            assertThat(Sessions.find(ENGINE, dead)).isPresent();
            await().atMost(LIMIT)
                    .until(() -> !Sessions.find(ENGINE, dead).orElseThrow().ownerAlive());

            assertThat(ids(Sessions.sweepable(ENGINE).swept())).contains(dead).doesNotContain(alive.id());
            SweepReport report = Sessions.sweep(ENGINE);

            assertThat(ids(report.swept())).contains(dead);
            assertThat(ids(report.spared())).contains(alive.id());
            assertThat(report.survivors()).isEmpty();
            assertThat(Sessions.find(ENGINE, dead)).isEmpty();
            assertThat(Sessions.find(ENGINE, alive.id())).isPresent();
            assertThat(volumes()).noneMatch(name -> name.contains(dead.value()));
        }
    }

    /** Of which some have no label. */
    private static List<String> volumes() {
        try (EngineConnection engine = EngineConnection.open(ENGINE)) {
            return engine.docker().listVolumesCmd().exec().getVolumes().stream()
                    .map(InspectVolumeResponse::getName)
                    .toList();
        }
    }

    @Test
    void sweepWhenSeveralRunAtOnceRemovesEverythingAndNoneFails() throws Exception {
        int sweeps = 3;
        ExecutorService executor = Executors.newFixedThreadPool(sweeps);
        try {
            // At once, because each sweeps what died before it opened.
            List<SessionId> dead = results(executor, TestSession::killed);
            await().atMost(LIMIT)
                    .until(() -> Sessions.list(ENGINE).stream()
                            .noneMatch(session -> dead.contains(session.id()) && session.ownerAlive()));
            assertThat(ids(Sessions.list(ENGINE))).containsAnyElementsOf(dead);

            CyclicBarrier start = new CyclicBarrier(sweeps);
            List<SweepReport> reports = results(executor, () -> {
                start.await();
                return Sessions.sweep(ENGINE);
            });

            assertThat(reports)
                    .allSatisfy(report -> assertThat(report.survivors()).isEmpty());
            assertThat(ids(Sessions.list(ENGINE))).doesNotContainAnyElementsOf(dead);
        } finally {
            executor.shutdownNow();
        }
    }

    /** What is pulled or tagged, and what the classic builder makes, has no label. */
    @Test
    void sweepWhenADeadOwnerLeftOnlyAnImagesNameRemovesThatName() {
        SessionId dead = SessionId.random();
        String name = "dw-" + dead + "-images/0123456789ab/tag/app";
        try (EngineConnection engine = EngineConnection.open(ENGINE)) {
            String image = engine.docker().inspectImageCmd("busybox").exec().getId();
            engine.docker().tagImageCmd("busybox", name, "1").exec();
            SessionInfo info = Sessions.find(ENGINE, dead).orElseThrow();
            assertThat(info.owner()).isEqualTo("0123456789ab");
            assertThat(info.ownerAlive()).isFalse();
            assertThat(info.mode()).contains(Mode.DOOD);
            assertThat(info.since())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(2));
            assertThat(info.children()).singleElement().satisfies(child -> {
                assertThat(child.child()).isEqualTo(new Child(Kind.IMAGE, name + ":1"));
                assertThat(child.name()).contains("app:1");
            });

            assertThat(Sessions.sweep(ENGINE).removed()).contains(new Child(Kind.IMAGE, name + ":1"));

            assertThat(Sessions.find(ENGINE, dead)).isEmpty();
            assertThat(engine.docker().inspectImageCmd("busybox").exec().getId())
                    .isEqualTo(image);
        }
    }

    private static <T> List<T> results(ExecutorService executor, Callable<T> call) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : executor.invokeAll(Collections.nCopies(3, call))) {
            results.add(future.get());
        }
        return results;
    }

    @Test
    void openWhenOwnerWasKilledBeforeSweepsInTheBackground() throws Exception {
        SessionId dead = TestSession.killed();

        try (TestSession next = TestSession.open(ENGINE)) {
            assertThat(next.id()).isNotEqualTo(dead);
            await().atMost(LIMIT).until(() -> Sessions.find(ENGINE, dead).isEmpty());
        }
    }

    @Test
    void removeWhenSessionIsAliveRemovesItsChildrenAllTheSame() {
        try (TestSession session = TestSession.open(owners, ENGINE)) {
            session.children().sleeper();

            assertThat(Sessions.remove(ENGINE, session.id()).removed()).hasSize(1);
            assertThat(Sessions.find(ENGINE, session.id())).isEmpty();
        }
    }

    @Test
    void closeWhenAFailedStepsChildrenAreKeptLeavesThemForALaterSweep() {
        TestSession session = TestSession.open(owners, ENGINE.keepOnFailure(Duration.ofSeconds(6)));
        session.children().sleeper();
        session.runStep("false");

        TeardownReport report = session.teardown();

        assertThat(report.manner()).isEqualTo(Manner.KEPT);
        assertThat(report.kept()).isNotEmpty();
        assertThat(report.advice()).get().asString().contains("docker-workflow ps " + session.id());
        SessionInfo kept = Sessions.find(ENGINE, session.id()).orElseThrow();
        assertThat(kept.ownerAlive()).isFalse();
        assertThat(kept.keptUntil()).isPresent();
        assertThat(ids(Sessions.sweep(ENGINE).swept())).doesNotContain(session.id());

        await().atMost(LIMIT).until(() -> ids(Sessions.sweep(ENGINE).swept()).contains(session.id()));
        assertThat(Sessions.find(ENGINE, session.id())).isEmpty();
    }

    @Test
    void closeWhenStepSucceededKeepsNothing() {
        TestSession session = TestSession.open(owners, ENGINE.keepOnFailure(Duration.ofHours(1)));
        session.children().sleeper();
        session.runStep("true");

        assertThat(session.teardown().manner()).isEqualTo(Manner.FORCED);
        assertThat(Sessions.find(ENGINE, session.id())).isEqualTo(Optional.empty());
    }

    @Test
    void closeWhenContainersAreGivenGraceStopsThemFirst() {
        TestSession session = TestSession.open(owners, ENGINE.stopGrace(Duration.ofSeconds(10)));
        session.children()
                .container(
                        "-v",
                        session.directory() + ":/out",
                        "busybox",
                        "sh",
                        "-c",
                        "trap 'echo stopped > /out/said; exit 0' TERM; while :; do sleep 0.1; done");
        List<String> said = new ArrayList<>();
        session.onClose(() -> said.addAll(session.read("said")));

        TeardownReport report = session.teardown();

        assertThat(report.manner()).isEqualTo(Manner.GRACEFUL);
        assertThat(said).containsExactly("stopped");
    }

    private static List<SessionId> ids(List<SessionInfo> sessions) {
        return sessions.stream().map(SessionInfo::id).toList();
    }
}
