package io.dockerworkflow.dood.gateway;

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
final class RegistryQuestion implements PendingWork.Work {
    static final String CREDENTIALS = "X-Registry-Auth";
    private static final int SECONDS = 60;

    private final GatewayContext gateway;
    private final Call call;
    private final AnswerCollector answer = new AnswerCollector();
    private @Nullable EngineLink link;

    private RegistryQuestion(GatewayContext gateway, Call call) {
        this.gateway = gateway;
        this.call = call;
    }

    /** The engine's answer. Empty if there is none; fails if the session ended it. */
    static CompletionStage<Optional<EngineAnswer>> ask(
            GatewayContext gateway, Call call, HttpMethod method, String path, Query query) {
        return ask(gateway, call, method, path, query, call.headers().getAll(CREDENTIALS));
    }

    /** The digest that a registry has for a reference now. Empty if it does not say; fails if the session ended it. */
    static CompletionStage<Optional<String>> digest(
            GatewayContext gateway, Call call, String reference, List<String> credentials) {
        String path = "/distribution/" + Percent.encodePath(reference) + "/json";
        return ask(gateway, call, HttpMethod.GET, path, new Query(), credentials)
                .thenApply(said -> said.filter(EngineAnswer::ok)
                        .map(answer -> answer.object().path("Descriptor"))
                        .map(descriptor -> Json.text(descriptor, "digest"))
                        .filter(PullProgress::isDigest));
    }

    private static CompletionStage<Optional<EngineAnswer>> ask(
            GatewayContext gateway, Call call, HttpMethod method, String path, Query query, List<String> credentials) {
        RegistryQuestion question = new RegistryQuestion(gateway, call);
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(CREDENTIALS, credentials);
        return question.send(new EngineRequest(method, call.versioned(path) + query, headers, Optional.empty()));
    }

    private CompletionStage<Optional<EngineAnswer>> send(EngineRequest request) {
        gateway.pending().add(this);
        gateway.engine().acquire(call.loop(), false).whenComplete((connected, failure) -> {
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
        CompletableFuture<Optional<EngineAnswer>> result = new CompletableFuture<>();
        answer.whenComplete((said, failure) -> call.loop().execute(() -> {
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
        EngineLink open = link;
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
