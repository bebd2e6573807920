package io.dockerworkflow.dood.policy;

import io.dockerworkflow.dood.SessionPolicy;

/** Opens a policy to the tests of its checks. */
public final class PolicyOf {
    private PolicyOf() {}

    /** The rules that a gateway would get. */
    public static Rules rules(SessionPolicy policy) {
        return policy.rules();
    }
}
