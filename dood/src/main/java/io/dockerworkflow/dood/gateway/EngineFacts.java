package io.dockerworkflow.dood.gateway;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * What the engine said of itself when the gateway started.
 *
 * @param oldest the oldest API version that both sides know
 * @param newest the newest API version that both sides know
 * @param osType the operating system of its containers
 * @param server how it names itself in headers
 */
record EngineFacts(ApiVersion oldest, ApiVersion newest, String osType, String server) {

    /** Reads an answer to {@code GET /version}. */
    static EngineFacts of(EngineAnswer version) {
        var body = version.orThrow().object();
        ApiVersion newest = min(ApiVersion.NEWEST, ApiVersion.parse(Json.text(body, "ApiVersion")));
        String engineOldest = body.path("MinAPIVersion").asText(ApiVersion.OLDEST.toString());
        ApiVersion oldest = max(ApiVersion.OLDEST, ApiVersion.parse(engineOldest));
        HttpHeaders headers = version.headers();
        return new EngineFacts(oldest, newest, headers.get("Ostype", "linux"), headers.get("Server", "Docker"));
    }

    private static ApiVersion min(ApiVersion a, ApiVersion b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static ApiVersion max(ApiVersion a, ApiVersion b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
