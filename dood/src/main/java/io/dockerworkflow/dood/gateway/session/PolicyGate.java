package io.dockerworkflow.dood.gateway.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.policy.EngineJson;
import io.dockerworkflow.dood.policy.MalformedBodyException;
import io.dockerworkflow.dood.policy.RequestKind;
import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.dood.policy.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks the policy about what a client wants to make: with the keys in the API's spelling and the client's own names, before
 * anything is translated. What passes is the tree that was looked at, never the client's bytes.
 */
public final class PolicyGate {
    private final RequestPolicy policy;
    private final Executor blocking;

    /**
     * A gate.
     *
     * @param blocking runs what looks at the file system, off the event loops
     */
    public PolicyGate(RequestPolicy policy, Executor blocking) {
        this.policy = policy;
        this.blocking = blocking;
    }

    public RequestPolicy policy() {
        return policy;
    }

    /** Reads the call's body and asks; continues on the call's event loop. */
    public CompletionStage<ObjectNode> body(
            ClientRequest request, RequestKind kind, Function<ObjectNode, Verdict<ObjectNode>> question) {
        return onLoop(
                request,
                request.bytes().thenApplyAsync(bytes -> allowed(question.apply(parse(kind, bytes))), blocking));
    }

    /** Asks something that looks at the file system; continues on the call's event loop. */
    public <T> CompletionStage<T> ask(ClientRequest request, Supplier<T> question) {
        return onLoop(request, CompletableFuture.supplyAsync(question, blocking));
    }

    /**
     * Continues on the call's event loop, after a refusal too: thenApplyAsync would hand an exception on at once, on the
     * thread that has thrown it.
     */
    private static <T> CompletionStage<T> onLoop(ClientRequest request, CompletionStage<T> stage) {
        CompletableFuture<T> back = new CompletableFuture<>();
        stage.whenCompleteAsync(
                (value, failure) -> {
                    if (failure == null) {
                        back.complete(value);
                    } else {
                        back.completeExceptionally(failure);
                    }
                },
                request.loop());
        return back;
    }

    public static ObjectNode parse(RequestKind kind, byte[] bytes) {
        try {
            return EngineJson.parse(kind, bytes);
        } catch (MalformedBodyException e) {
            throw new ApiException(e.status(), String.valueOf(e.getMessage()));
        }
    }

    public static <T> T allowed(Verdict<T> verdict) {
        if (verdict instanceof Verdict.Refused<T> refused) {
            throw ApiException.refused(refused.message());
        }
        return ((Verdict.Allowed<T>) verdict).request();
    }
}
