package io.dockerworkflow.dood.gateway.engine;

import io.dockerworkflow.dood.gateway.protocol.ApiVersion;
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

    public static EngineFacts of(EngineVersion engine) {
        ApiVersion newest = min(ApiVersion.NEWEST, ApiVersion.parse(engine.maxApi()));
        ApiVersion oldest = ApiVersion.parse(engine.minApi());
        return new EngineFacts(oldest, newest, engine.os(), "Docker/" + engine.engine() + " (" + engine.os() + ")");
    }

    private static ApiVersion min(ApiVersion a, ApiVersion b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
