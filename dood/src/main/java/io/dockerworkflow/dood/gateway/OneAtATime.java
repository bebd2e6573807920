package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * What an engine does for one client at a time: it prunes each kind of thing so, and up to 20.10 measures its disk so. It refuses
 * a second client, who may be another session; that waits here.
 */
final class OneAtATime {
    private static final String BUSY = "operation is already running";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Call call;
    private final HttpMethod method;
    private final String target;
    private final Query query;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private OneAtATime(Call call, HttpMethod method, String target, Query query) {
        this.call = call;
        this.method = method;
        this.target = target;
        this.query = query;
    }

    /** Prunes with these parameters, and changes what the engine says was removed into what the client knows. */
    static CompletionStage<Reply> prune(Call call, String target, Query query, UnaryOperator<ObjectNode> change) {
        return reply(new OneAtATime(call, HttpMethod.POST, target, query), change);
    }

    /** Reads what takes the engine long to find out, and changes it into what the client knows. */
    static CompletionStage<Reply> read(Call call, String target, Query query, UnaryOperator<ObjectNode> change) {
        return reply(new OneAtATime(call, HttpMethod.GET, target, query), change);
    }

    private static CompletionStage<Reply> reply(OneAtATime request, UnaryOperator<ObjectNode> change) {
        return request.ask().thenApply(answer -> Reply.json(answer.orThrow().status(), change.apply(answer.object())));
    }

    /** Prunes with these parameters. */
    static CompletionStage<EngineAnswer> prune(Call call, String target, Query query) {
        return new OneAtATime(call, HttpMethod.POST, target, query).ask();
    }

    private CompletionStage<EngineAnswer> ask() {
        return call.ask(method, target, query).thenCompose(answer -> {
            boolean busy = !answer.ok() && answer.message().contains(BUSY);
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
