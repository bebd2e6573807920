package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * A whole answer of the engine.
 *
 * @param status the status code
 * @param headers its headers
 * @param body its body
 */
record EngineAnswer(int status, HttpHeaders headers, byte[] body) {

    boolean ok() {
        return status < 400;
    }

    JsonNode json() {
        return Json.parse(body);
    }

    /** The body as an object; empty if it is something else. */
    ObjectNode object() {
        return json() instanceof ObjectNode object ? object : Json.object();
    }

    /** What an error's body says. */
    String message() {
        return Json.errorMessage(body);
    }

    /** This answer if it is none of an error. */
    EngineAnswer orThrow() {
        if (!ok()) {
            throw new ApiException(status, message());
        }
        return this;
    }
}
