package io.dockerworkflow.dood.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * A whole response of the engine.
 *
 * @param status the status code
 * @param headers its headers
 * @param body its body
 */
public record EngineResponse(int status, HttpHeaders headers, byte[] body) {

    public boolean ok() {
        return status < 400;
    }

    public JsonNode json() {
        return ApiJson.parse(body);
    }

    /** The body as an object; empty if it is something else. */
    public ObjectNode object() {
        return json() instanceof ObjectNode object ? object : ApiJson.object();
    }

    /** What an error's body says. */
    public String message() {
        return ApiJson.errorMessage(body);
    }

    /** This response if it is none of an error. */
    public EngineResponse orThrow() {
        if (!ok()) {
            throw new ApiException(status, message());
        }
        return this;
    }
}
