package io.dockerworkflow.dood.gateway.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What is to be done at the end of work on an image, if the request is for such, however that ends, and only once. */
final class CompletionHook {
    private final Optional<Supplier<? extends CompletionStage<?>>> work;
    private boolean done;

    CompletionHook(ClientResponse.Filter filter) {
        work = filter instanceof ClientResponse.Filter.Lines lines ? lines.completion() : Optional.empty();
    }

    /** Whether there is work that has not ended. */
    boolean isPending() {
        return work.isPresent() && !done;
    }

    /** Does it, if it is not done. */
    CompletionStage<?> settle() {
        if (!isPending()) {
            return CompletableFuture.completedFuture(true);
        }
        done = true;
        try {
            return work.orElseThrow().get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
