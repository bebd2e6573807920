package io.dockerworkflow.internal.session;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.testsupport.Children;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session's life from open to close, on a real engine. */
class SessionScopeIT {
    private final List<WorkflowEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicReference<Runnable> onEnded = new AtomicReference<>(() -> {});
    private final SessionScope scope = SessionScope.open(
            Mode.DIND,
            SessionOptions.defaults().teardownDeadline(Duration.ofSeconds(30)).listener(this::heard));
    private final Children children = new Children(scope.names());

    private void heard(WorkflowEvent event) {
        events.add(event);
        if (event instanceof WorkflowEvent.SessionEnded) {
            onEnded.get().run();
        }
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void directoryWhileSessionIsOpenIsPrivateAndShort() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(scope.directory())))
                .isEqualTo("rwx------");
        assertThat(scope.directory().toString()).hasSizeLessThan(80).endsWith("dw-" + scope.id());
    }

    @Test
    void closeWhenCalledTwiceDoesNothingTheSecondTime() {
        scope.opened(scope);

        scope.close();
        scope.close();

        assertThat(events)
                .filteredOn(WorkflowEvent.SessionEnded.class::isInstance)
                .hasSize(1);
    }

    @Test
    void teardownWhenCalledByManyThreadsGivesAllTheSameReport() throws Exception {
        children.sleeper();
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Callable<TeardownReport> teardown = () -> {
                start.await();
                return scope.teardown(Duration.ofSeconds(30));
            };
            List<TeardownReport> reports = new ArrayList<>();
            for (Future<TeardownReport> report : executor.invokeAll(Collections.nCopies(threads, teardown))) {
                reports.add(report.get());
            }
            assertThat(reports).allSatisfy(report -> assertThat(report).isSameAs(reports.get(0)));
            assertThat(reports.get(0).removed()).hasSize(1);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void closeWhenThreadIsInterruptedRemovesAllAndKeepsTheFlag() {
        children.sleeper();
        children.volume();

        Thread.currentThread().interrupt();
        scope.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(children.left()).isEmpty();
    }

    @Test
    void closeWhenListenerOfTheEndClosesAgainReturns() {
        onEnded.set(scope::close);
        scope.opened(scope);

        scope.close();

        assertThat(events).last().isInstanceOf(WorkflowEvent.SessionEnded.class);
    }

    @Test
    void useWhenSessionHasEndedIsRefused() {
        scope.close();

        assertThatThrownBy(() -> scope.requireOpen("run a step"))
                .isInstanceOf(SessionClosedException.class)
                .hasMessage("Could not run a step (session " + scope.id()
                        + "): the session has ended. Open another session, or close this one later.");
        assertThatThrownBy(() -> scope.run(Step.of("true"), null)).isInstanceOf(SessionClosedException.class);
    }

    @Test
    void ownedResourcesWhenSessionEndsCloseInReverseDespiteFailures() {
        List<String> closed = new ArrayList<>();
        scope.own(() -> closed.add("first"));
        scope.own(() -> {
            throw new IllegalStateException("second fails");
        });
        scope.own(() -> {
            closed.add("third");
            throw new IllegalStateException("third fails");
        });

        assertThatThrownBy(scope::close)
                .isInstanceOf(WorkflowException.class)
                .hasMessageContaining("third fails")
                .satisfies(thrown -> assertThat(thrown.getCause().getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("second fails"));

        assertThat(closed).containsExactly("third", "first");
        assertThat(Files.exists(scope.directory())).isFalse();
    }

    @Test
    void ownWhenSessionHasEndedClosesTheResource() {
        scope.close();
        List<String> closed = new ArrayList<>();

        assertThatThrownBy(() -> scope.own(() -> closed.add("late"))).isInstanceOf(SessionClosedException.class);

        assertThat(closed).containsExactly("late");
    }

    @Test
    void undoWhenOpeningFailedRemovesWhatItMadeAndReturnsTheFailure() {
        children.sleeper();
        children.network();
        List<String> closed = new ArrayList<>();
        scope.own(() -> closed.add("gateway"));

        WorkflowException thrown = scope.undo(new IllegalStateException("the daemon did not start"));

        assertThat(thrown)
                .hasMessageContaining("open a session")
                .hasMessageContaining("the daemon did not start")
                .hasRootCauseMessage("the daemon did not start");
        assertThat(closed).containsExactly("gateway");
        assertThat(children.left()).isEmpty();
        assertThat(events).noneMatch(WorkflowEvent.SessionEnded.class::isInstance);
        assertThat(docker("ps", "-q", "--filter", "name=" + scope.names().prefix()))
                .isEmpty();
    }
}
