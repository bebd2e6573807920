package io.dockerworkflow.dood.gateway.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.protocol.Query;
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
public final class ExclusiveOperation {
    private static final String BUSY = "operation is already running";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ClientRequest clientRequest;
    private final HttpMethod method;
    private final String target;
    private final Query query;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private ExclusiveOperation(ClientRequest clientRequest, HttpMethod method, String target, Query query) {
        this.clientRequest = clientRequest;
        this.method = method;
        this.target = target;
        this.query = query;
    }

    /** Prunes with these parameters, and changes what the engine says was removed into what the client knows. */
    public static CompletionStage<ClientResponse> prune(
            ClientRequest clientRequest, String target, Query query, UnaryOperator<ObjectNode> change) {
        return reply(new ExclusiveOperation(clientRequest, HttpMethod.POST, target, query), change);
    }

    /** Reads what takes the engine long to find out, and changes it into what the client knows. */
    public static CompletionStage<ClientResponse> read(
            ClientRequest clientRequest, String target, Query query, UnaryOperator<ObjectNode> change) {
        return reply(new ExclusiveOperation(clientRequest, HttpMethod.GET, target, query), change);
    }

    private static CompletionStage<ClientResponse> reply(ExclusiveOperation request, UnaryOperator<ObjectNode> change) {
        return request.ask()
                .thenApply(
                        response -> ClientResponse.json(response.orThrow().status(), change.apply(response.object())));
    }

    /** Prunes with these parameters. */
    public static CompletionStage<EngineResponse> prune(ClientRequest clientRequest, String target, Query query) {
        return new ExclusiveOperation(clientRequest, HttpMethod.POST, target, query).ask();
    }

    private CompletionStage<EngineResponse> ask() {
        return clientRequest.ask(method, target, query).thenCompose(response -> {
            boolean busy = !response.ok() && response.message().contains(BUSY);
            if (!busy || System.nanoTime() - deadline > 0) {
                return CompletableFuture.completedFuture(response);
            }
            CompletableFuture<EngineResponse> later = new CompletableFuture<>();
            clientRequest
                    .loop()
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
