package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An engine prunes one kind of thing once at a time and refuses a second client, who may be another session: that waits here. */
final class Prune {
    private static final String BUSY = "a prune operation is already running";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Call call;
    private final String target;
    private final Query query;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private Prune(Call call, String target, Query query) {
        this.call = call;
        this.target = target;
        this.query = query;
    }

    /** Prunes with these parameters, and changes what the engine says was removed into what the client knows. */
    static CompletionStage<Reply> of(Call call, String target, Query query, UnaryOperator<ObjectNode> change) {
        return ask(call, target, query)
                .thenApply(answer -> Reply.json(answer.orThrow().status(), change.apply(answer.object())));
    }

    /** Prunes with these parameters. */
    static CompletionStage<EngineAnswer> ask(Call call, String target, Query query) {
        return new Prune(call, target, query).ask();
    }

    private CompletionStage<EngineAnswer> ask() {
        return call.ask(HttpMethod.POST, target, query).thenCompose(answer -> {
            boolean busy = answer.status() == 409 && answer.message().contains(BUSY);
            if (!busy || System.nanoTime() - deadline > 0) {
                return CompletableFuture.completedFuture(answer);
            }
            CompletableFuture<EngineAnswer> later = new CompletableFuture<>();
            call.loop()
                    .schedule(
                            () -> ask().whenComplete((done, failure) -> {
                                if (failure == null) {
                                    later.complete(done);
                                } else {
                                    later.completeExceptionally(failure);
                                }
                            }),
                            PAUSE.toMillis(),
                            TimeUnit.MILLISECONDS);
            return later;
        });
    }
}
