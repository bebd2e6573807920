package io.dockerworkflow.dood.policy;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the policy says to a request.
 *
 * @param <T> the request
 */
public sealed interface Verdict<T> {

    /**
     * The request may pass.
     *
     * @param request what to pass on: the request with real paths and the policy's defaults in it
     * @param <T> the request
     */
    record Allowed<T>(T request) implements Verdict<T> {}

    /**
     * The request is to be answered with 403 and {@link #message()}.
     *
     * @param refusals why; at least one
     * @param <T> the request
     */
    record Refused<T>(List<Refusal> refusals) implements Verdict<T> {
        /** Copies the list. */
        public Refused {
            refusals = List.copyOf(refusals);
        }

        /** The text for the engine's error shape: every refusal, so that a client need not find them one by one. */
        public String message() {
            return refusals.stream().map(Refusal::message).collect(Collectors.joining("; "));
        }
    }
}
