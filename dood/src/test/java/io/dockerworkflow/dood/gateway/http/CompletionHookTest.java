package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompletionHookTest {
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void workIsDoneOnce() {
        CompletionHook completion = new CompletionHook(new ClientResponse.Filter.Lines(List::of, () -> {
            done.incrementAndGet();
            return CompletableFuture.completedFuture("settled");
        }));
        assertThat(completion.isPending()).isTrue();
        assertThat(completion.settle().toCompletableFuture().join()).isEqualTo("settled");
        assertThat(completion.isPending()).isFalse();
        assertThat(completion.settle().toCompletableFuture()).isCompleted();
        assertThat(done).hasValue(1);
    }

    @Test
    void workWhenItThrowsFailsTheStageAndIsNotDoneAgain() {
        CompletionHook completion = new CompletionHook(new ClientResponse.Filter.Lines(List::of, () -> {
            done.incrementAndGet();
            throw new IllegalStateException("no");
        }));
        assertThat(completion.settle().toCompletableFuture()).isCompletedExceptionally();
        assertThat(completion.settle().toCompletableFuture()).isCompleted();
        assertThat(done).hasValue(1);
    }

    @Test
    void requestWhenItIsOfNoWorkHasNothingToSettle() {
        for (ClientResponse.Filter filter :
                List.of(new ClientResponse.Filter.Raw(), new ClientResponse.Filter.Lines(List::of))) {
            assertThat(new CompletionHook(filter).isPending()).isFalse();
            assertThat(new CompletionHook(filter).settle().toCompletableFuture())
                    .isCompleted();
        }
    }
}
