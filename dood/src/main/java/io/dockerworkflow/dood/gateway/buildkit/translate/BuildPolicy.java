package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.policy.Rule;
import java.util.Optional;

/** Asks the session's policy. Safe for use by several threads. */
public interface BuildPolicy {

    /**
     * Why something is not allowed; empty if it is.
     *
     * @param rule what allows it
     * @param field where the client asks for it
     * @param value what it asks for, where the rule allows single values; else empty
     */
    Optional<String> refusal(Rule rule, String field, String value);
}
