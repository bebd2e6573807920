package io.dockerworkflow.dood;

import io.dockerworkflow.dood.policy.Rule;
import io.dockerworkflow.dood.policy.Rules;
import java.util.HashMap;
import java.util.Map;

/**
 * The variables by which Testcontainers works under the session's policy without the user's settings. By itself it assumes
 * that its helper may be privileged, and that ports are published on all addresses (seen with 2.0.5).
 */
final class TestcontainersVariables {
    private TestcontainersVariables() {}

    /** The variables for a process on the engine's host. */
    static Map<String, String> ofProcess(Rules rules) {
        Map<String, String> variables = new HashMap<>(ofStep(rules));
        // On a machine that is a container itself, it would otherwise look for ports at the bridge's gateway.
        rules.publishOn().ifPresent(address -> variables.put("TESTCONTAINERS_HOST_OVERRIDE", address));
        return variables;
    }

    /** The variables for a step. A step cannot reach a port that is published on the host's loopback. */
    static Map<String, String> ofStep(Rules rules) {
        return rules.allows(Rule.PRIVILEGED) ? Map.of() : Map.of("TESTCONTAINERS_RYUK_CONTAINER_PRIVILEGED", "false");
    }
}
