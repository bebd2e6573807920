package io.dockerworkflow.internal.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Step;
import io.dockerworkflow.StepOutcome.Cancelled;
import io.dockerworkflow.StepOutcome.Exited;
import io.dockerworkflow.StepOutcome.TimedOut;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.testsupport.Background;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepPhasesTest {
    private static final Duration LIMIT = Duration.ofMillis(50);
    private static final Step STEP = Step.of("true").image("any").timeout(LIMIT);
    private static final StepResult RESULT = new StepResult(STEP, new Exited(0), Duration.ZERO, List.of());

    private final StepPhases phases = new StepPhases(STEP, "step-phases-test");
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Test
    void endWhileTheImageIsPreparedInterruptsTheWorker() {
        assertThat(phases.preparingImage()).isTrue();
        phases.end(new Cancelled());

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(phases.creating()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(phases.ending()).contains(new Cancelled());
    }

    @Test
    void endBeforeTheWorkerHasBegunLetsItBeginNothing() {
        phases.end(new Cancelled());

        assertThat(phases.preparingImage()).isFalse();
        assertThat(phases.creating()).isFalse();
    }

    @Test
    void endBeforeTheContainerRunsLeavesItsStopToTheWorker() {
        phases.creating();
        phases.preparing();
        phases.end(new Cancelled());
        phases.starting();

        assertThat(phases.running(stopped::countDown)).isFalse();
        assertThat(stopped.getCount()).isOne();
    }

    @Test
    void endWhileTheContainerRunsStopsItForTheFirstReason() throws Exception {
        assertThat(phases.running(stopped::countDown)).isTrue();
        phases.drained();
        phases.end(new Cancelled());
        phases.end(new TimedOut(LIMIT));

        assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(phases.removing()).contains(new Cancelled());
    }

    @Test
    void endWhileTheContainerIsRemovedComesTooLate() {
        phases.running(stopped::countDown);
        assertThat(phases.removing()).isEmpty();
        phases.end(new Cancelled());

        assertThat(phases.ending()).isEmpty();
        assertThat(stopped.getCount()).isOne();
    }

    @Test
    void limitWhileTheContainerRunsEndsTheRun() throws Exception {
        phases.running(stopped::countDown);
        CompletableFuture<StepResult> waiting = Background.supply(this::result);

        assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(phases.removing()).contains(new TimedOut(LIMIT));
        phases.finished(RESULT);
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(RESULT);
    }

    @Test
    void limitThatPassesDuringTheRemovalChangesNothing() throws Exception {
        phases.running(stopped::countDown);
        phases.removing();
        CompletableFuture<StepResult> waiting = Background.supply(this::result);

        await().pollDelay(LIMIT.multipliedBy(3)).until(() -> !waiting.isDone());
        Background.run(() -> phases.finished(RESULT)).get(5, TimeUnit.SECONDS);
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(RESULT);
        assertThat(phases.ending()).isEmpty();
    }

    @Test
    void failureOfTheWorkerIsThrownToWhoeverWaits() {
        IllegalStateException failure = new IllegalStateException("no");
        phases.failed(failure);

        assertThatThrownBy(phases::awaitFinished).isSameAs(failure);
    }

    private StepResult result() {
        try {
            return phases.awaitFinished();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
