package io.dockerworkflow.dood.gateway.engine;

import io.dockerworkflow.internal.engine.ApiVersion;
import io.dockerworkflow.internal.engine.EngineVersion;

/**
 * What the engine said of itself when the session was opened.
 *
 * @param oldest the oldest API version that the engine takes
 * @param newest the newest API version that both sides know
 * @param osType the operating system of its containers
 * @param server how it names itself in headers
 */
public record EngineFacts(ApiVersion oldest, ApiVersion newest, String osType, String server) {
    /** The newest that the gateway knows: a newer one could carry fields which it would let pass unread. */
    private static final ApiVersion NEWEST_KNOWN = new ApiVersion(1, 51);

    public static EngineFacts of(EngineVersion engine) {
        ApiVersion newest = min(NEWEST_KNOWN, ApiVersion.parse(engine.maxApi()).orElseThrow());
        ApiVersion oldest = ApiVersion.parse(engine.minApi()).orElseThrow();
        return new EngineFacts(oldest, newest, engine.os(), "Docker/" + engine.engine() + " (" + engine.os() + ")");
    }

    private static ApiVersion min(ApiVersion a, ApiVersion b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
