package io.dockerworkflow.dood;

import io.dockerworkflow.dood.policy.Rules;

/** Opens a policy to the tests of its checks. */
public final class PolicyOf {
    private PolicyOf() {}

    /** The rules that a gateway would get. */
    public static Rules rules(SessionPolicy policy) {
        return policy.rules();
    }
}
