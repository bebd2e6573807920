package io.dockerworkflow.dood;

import io.dockerworkflow.dood.policy.Rule;
import io.dockerworkflow.dood.policy.Rules;
import java.util.HashMap;
import java.util.Map;

/**
 * What Testcontainers must know of the session's policy to work without settings of the user's. It cannot find it out, because
 * it takes for granted that its helper may be privileged and that ports are published on all addresses (seen with 2.0.5).
 */
final class TestcontainersVariables {
    private TestcontainersVariables() {}

    /** For a process on the engine's host. */
    static Map<String, String> ofProcess(Rules rules) {
        Map<String, String> variables = new HashMap<>(ofStep(rules));
        // Else, on a machine that is a container itself, it would look for ports at the bridge's gateway.
        rules.publishOn().ifPresent(address -> variables.put("TESTCONTAINERS_HOST_OVERRIDE", address));
        return variables;
    }

    /** For a step, which reaches a port that is published on the host's loopback in no way. */
    static Map<String, String> ofStep(Rules rules) {
        return rules.allows(Rule.PRIVILEGED) ? Map.of() : Map.of("TESTCONTAINERS_RYUK_CONTAINER_PRIVILEGED", "false");
    }
}
