package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PendingWorkTest {
    private final PendingWork pending = new PendingWork();
    private final AtomicInteger ended = new AtomicInteger();

    private PendingWork.Work work(CompletionStage<?> end) {
        return () -> {
            ended.incrementAndGet();
            return end;
        };
    }

    @Test
    void workWhenItIsPendingIsEnded() {
        pending.add(work(CompletableFuture.completedFuture(null)));
        pending.add(work(CompletableFuture.failedFuture(new IllegalStateException())));
        pending.end();
        assertThat(ended).hasValue(2);
    }

    @Test
    void workWhenItHasEndedByItselfIsLeft() {
        PendingWork.Work work = work(CompletableFuture.completedFuture(null));
        pending.add(work);
        pending.remove(work);
        pending.end();
        assertThat(ended).hasValue(0);
    }

    @Test
    void workWhenItComesAfterTheEndForGoodIsEndedAtOnce() {
        pending.end();
        pending.add(work(CompletableFuture.completedFuture(null)));
        assertThat(ended).as("after an end that is not for good").hasValue(0);
        pending.endForGood();
        assertThat(ended).hasValue(1);
        pending.add(work(CompletableFuture.completedFuture(null)));
        assertThat(ended).hasValue(2);
    }
}
