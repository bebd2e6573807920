package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.testsupport.SilentRegistry;
import io.dockerworkflow.testsupport.TestSession;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pulls that never end by themselves, on a real engine. */
@Timeout(60)
class PullCancelIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final SilentRegistry registry = SilentRegistry.start();
    private final TestSession session = TestSession.open(SessionOptions.defaults());
    private final CompletableFuture<StepResult> result = new CompletableFuture<>();
    private final Thread runner = new Thread(() -> {
        try {
            result.complete(session.run(Step.of("true").image(registry.image())));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    });

    @AfterEach
    void close() {
        session.close();
        registry.close();
    }

    @Test
    void cancelWhenStepsImageIsBeingPulledEndsBoth() {
        begin();

        session.cancel();

        assertEnded();
        assertThat(session.runStep("true").succeeded()).isTrue();
    }

    @Test
    void interruptWhenStepsImageIsBeingPulledEndsBoth() {
        begin();

        runner.interrupt();

        assertEnded();
    }

    @Test
    void closeWhenStepsImageIsBeingPulledDoesNotWaitForIt() {
        begin();

        assertThat(session.teardown().took()).isLessThan(SOON);

        assertEnded();
    }

    @Test
    void ensureWhenThreadIsInterruptedEndsThePull() {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        EngineConnection engine = EngineConnection.open(SessionOptions.defaults());
        Thread puller = new Thread(() -> {
            try {
                new EngineImages(engine, (image, line) -> {}).ensure(registry.image());
                failure.complete(new AssertionError("there is no such image"));
            } catch (RuntimeException e) {
                failure.complete(e);
            }
        });
        puller.start();
        await().atMost(SOON).until(registry::isAsked);

        puller.interrupt();

        assertThatThrownBy(() -> {
                    throw failure.get();
                })
                .isInstanceOf(WorkflowException.class)
                .hasMessage("Could not pull an image (" + registry.image()
                        + "): the thread was interrupted. Pull it beforehand, or wait for longer.");
        await().atMost(SOON).until(PullCancelIT::nobodyPulls);
        engine.close();
    }

    private void begin() {
        runner.start();
        await().atMost(SOON).until(registry::isAsked);
    }

    private void assertEnded() {
        await().atMost(SOON).until(result::isDone);
        assertThat(result.join().outcome()).isEqualTo(new StepOutcome.Cancelled());
        await().atMost(SOON).until(PullCancelIT::nobodyPulls);
    }

    /** What the engine does then is its own: 20.10 goes on asking a registry until that answers, or for its own time. */
    private static boolean nobodyPulls() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("docker-workflow-pull"));
    }
}
