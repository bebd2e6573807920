package io.dockerworkflow.dood.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;

/**
 * A request to the engine.
 *
 * @param method the method
 * @param uri the path with version and query, encoded
 * @param headers headers beside host and length
 * @param body the body; empty for none, or where the client's own body is relayed
 */
public record EngineRequest(HttpMethod method, String uri, HttpHeaders headers, Optional<byte[]> body) {

    public static EngineRequest get(String uri) {
        return of(HttpMethod.GET, uri);
    }

    public static EngineRequest of(HttpMethod method, String uri) {
        return new EngineRequest(method, uri, EngineHeaders.empty(), Optional.empty());
    }

    /** Whether it changes nothing, so that it may be repeated. */
    public boolean isSafe() {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    public EngineRequest json(JsonNode node) {
        HttpHeaders copy = headers.copy().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        return new EngineRequest(method, uri, copy, Optional.of(ApiJson.bytes(node)));
    }
}
