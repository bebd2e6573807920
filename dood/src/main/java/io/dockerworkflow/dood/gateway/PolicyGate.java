package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.policy.Body;
import io.dockerworkflow.dood.policy.EngineJson;
import io.dockerworkflow.dood.policy.MalformedBodyException;
import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.dood.policy.Verdict;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Asks the policy about what a client wants to make: with the keys in the API's spelling and the client's own names, before
 * anything is translated. What passes is the tree that was looked at, never the client's bytes.
 */
final class PolicyGate {
    private final RequestPolicy policy;
    private final Executor blocking;

    /**
     * A gate.
     *
     * @param blocking runs what looks at the file system, off the event loops
     */
    PolicyGate(RequestPolicy policy, Executor blocking) {
        this.policy = policy;
        this.blocking = blocking;
    }

    RequestPolicy policy() {
        return policy;
    }

    /** Reads the call's body and asks; continues on the call's event loop. */
    CompletionStage<ObjectNode> body(Call call, Body kind, Function<ObjectNode, Verdict<ObjectNode>> question) {
        return call.bytes()
                .thenApplyAsync(bytes -> allowed(question.apply(parse(kind, bytes))), blocking)
                .thenApplyAsync(Function.identity(), call.loop());
    }

    /** Asks something that looks at the file system; continues on the call's event loop. */
    <T> CompletionStage<T> ask(Call call, java.util.function.Supplier<T> question) {
        return java.util.concurrent.CompletableFuture.supplyAsync(question, blocking)
                .thenApplyAsync(Function.identity(), call.loop());
    }

    static ObjectNode parse(Body kind, byte[] bytes) {
        try {
            return EngineJson.parse(kind, bytes);
        } catch (MalformedBodyException e) {
            throw new ApiException(e.status(), String.valueOf(e.getMessage()));
        }
    }

    static <T> T allowed(Verdict<T> verdict) {
        if (verdict instanceof Verdict.Refused<T> refused) {
            throw ApiException.forbidden(refused.message());
        }
        return ((Verdict.Allowed<T>) verdict).request();
    }
}
