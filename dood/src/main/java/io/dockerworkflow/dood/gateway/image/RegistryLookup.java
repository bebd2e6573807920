package io.dockerworkflow.dood.gateway.image;

import io.dockerworkflow.dood.gateway.engine.EngineRequest;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.engine.ResponseCollector;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.PendingWork;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.engine.ImageReference;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something of the gateway's own that the engine has to ask a registry for, with the client's credentials. It takes as long as the
 * registry likes, so the session can end it, and it has an end of its own. Lives on the client's event loop.
 */
public final class RegistryLookup implements PendingWork.Work {
    static final String CREDENTIALS = "X-Registry-Auth";
    private static final int SECONDS = 60;

    private final GatewayContext gateway;
    private final ClientRequest clientRequest;
    private final ResponseCollector answer = new ResponseCollector();
    private @Nullable PooledConnection link;

    private RegistryLookup(GatewayContext gateway, ClientRequest clientRequest) {
        this.gateway = gateway;
        this.clientRequest = clientRequest;
    }

    /** The engine's answer. Empty if there is none; fails if the session ended it. */
    static CompletionStage<Optional<EngineResponse>> ask(
            GatewayContext gateway, ClientRequest clientRequest, HttpMethod method, String path, Query query) {
        return ask(
                gateway,
                clientRequest,
                method,
                path,
                query,
                clientRequest.headers().getAll(CREDENTIALS));
    }

    /** The digest that a registry has for a reference now. Empty if it does not say; fails if the session ended it. */
    public static CompletionStage<Optional<String>> digest(
            GatewayContext gateway, ClientRequest clientRequest, String reference, List<String> credentials) {
        String path = "/distribution/" + PercentEncoding.encodePath(reference) + "/json";
        return ask(gateway, clientRequest, HttpMethod.GET, path, new Query(), credentials)
                .thenApply(said -> said.filter(EngineResponse::ok)
                        .map(response -> response.object().path("Descriptor"))
                        .map(descriptor -> ApiJson.text(descriptor, "digest"))
                        .filter(ImageReference::isDigest));
    }

    private static CompletionStage<Optional<EngineResponse>> ask(
            GatewayContext gateway,
            ClientRequest clientRequest,
            HttpMethod method,
            String path,
            Query query,
            List<String> credentials) {
        RegistryLookup question = new RegistryLookup(gateway, clientRequest);
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(CREDENTIALS, credentials);
        return question.send(
                new EngineRequest(method, clientRequest.versioned(path) + query, headers, Optional.empty()));
    }

    private CompletionStage<Optional<EngineResponse>> send(EngineRequest request) {
        gateway.pending().add(this);
        gateway.engine().acquire(clientRequest.loop(), false).whenComplete((connected, failure) -> {
            if (connected == null) {
                answer.failed(failure);
            } else if (answer.isDone()) {
                connected.close();
            } else {
                link = connected;
                connected.send(request, false, answer);
            }
        });
        answer.orTimeout(SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Optional<EngineResponse>> result = new CompletableFuture<>();
        answer.whenComplete((said, failure) -> clientRequest.loop().execute(() -> {
            gateway.pending().remove(this);
            if (said != null) {
                result.complete(Optional.of(said));
                return;
            }
            close();
            if (failure instanceof ApiException ended) {
                result.completeExceptionally(ended);
            } else {
                result.complete(Optional.empty());
            }
        }));
        return result;
    }

    private void close() {
        PooledConnection open = link;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public CompletionStage<?> end() {
        answer.completeExceptionally(new ApiException(409, PendingWork.ENDED));
        return CompletableFuture.completedFuture(true);
    }
}
