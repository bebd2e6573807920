package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;

/**
 * The rules by which the engine's builder finds the session's images under the session's names, and no other session's. The
 * builder applies them to whatever image a build asks for, also in frontends that are images themselves.
 */
final class SourcePolicy {
    private static final int RULES = 2;
    private static final int ACTION = 1;
    private static final int SELECTOR = 2;
    private static final int UPDATES = 3;
    private static final int IDENTIFIER = 1;

    private static final int ALLOW = 0;
    private static final int DENY = 1;
    private static final int CONVERT = 2;

    private static final int MATCH_TYPE = 2;
    private static final int WILDCARD = 0;
    private static final int REGEX = 2;

    private static final String SCHEME = "docker-image://";

    private SourcePolicy() {}

    /**
     * The rules that the client's own come before. Of allow and deny the last one that matches decides; a conversion is
     * decided at once, and what it gives is looked at anew. Conversions are by wildcard, though they have none: engine 28.5
     * ignores those that are exact.
     */
    static ProtoMessage append(ProtoMessage policy, BuildImages images) {
        images.hostReferences().ifPresent(seen -> {
            policy.add(RULES, rule(DENY, "^" + SCHEME, REGEX).toBytes());
            seen.forEach(pattern -> policy.add(
                    RULES,
                    rule(ALLOW, "^" + SCHEME + pattern.pattern() + "$", REGEX).toBytes()));
        });
        policy.add(
                RULES,
                rule(DENY, "^" + SCHEME + images.sessionReferences().pattern() + "$", REGEX)
                        .toBytes());
        images.references().forEach((logical, engine) -> {
            policy.add(
                    RULES,
                    rule(CONVERT, SCHEME + logical, WILDCARD)
                            .set(UPDATES, new ProtoMessage().add(IDENTIFIER, SCHEME + engine))
                            .toBytes());
            policy.add(RULES, rule(ALLOW, SCHEME + engine, WILDCARD).toBytes());
            // An engine that keeps its images as containerd does looks at what it has found once more, by its digest.
            policy.add(RULES, rule(ALLOW, SCHEME + engine + "@*", WILDCARD).toBytes());
        });
        return policy;
    }

    private static ProtoMessage rule(int action, String identifier, int match) {
        return new ProtoMessage()
                .addNumber(ACTION, action)
                .set(SELECTOR, new ProtoMessage().add(IDENTIFIER, identifier).addNumber(MATCH_TYPE, match));
    }
}
