package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reading and writing of JSON trees. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(64 * 1024 * 1024)
                            .build())
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Large integers and decimals pass through unchanged.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectMapper STRICT =
            MAPPER.copy().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Reads what the engine sent. */
    static JsonNode parse(byte[] bytes) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            return node == null ? JsonNodeFactory.instance.missingNode() : node;
        } catch (IOException e) {
            throw new ApiException(502, "the engine's answer is not JSON: " + e.getMessage());
        }
    }

    /** Reads what a client sent; an empty body is an empty object, a key that occurs twice an error. */
    static ObjectNode parseRequest(byte[] bytes) {
        if (bytes.length == 0) {
            return object();
        }
        try {
            JsonNode node = STRICT.readTree(bytes);
            if (node == null || node.isNull() || node.isMissingNode()) {
                return object();
            }
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("invalid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest("invalid JSON: " + e.getMessage());
        }
        throw ApiException.badRequest("invalid JSON: an object is expected");
    }

    /** Reads a client's parameter; none is an empty object. The error does not repeat it, for build arguments are secrets. */
    static JsonNode parseParameter(String name, String text) {
        if (text.isBlank()) {
            return object();
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("error reading " + name + ": invalid JSON");
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(JsonNode node) {
        return new String(bytes(node), StandardCharsets.UTF_8);
    }

    /** The text of a field, or "". */
    static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }

    /** A field that is an object; made if it is absent. */
    static ObjectNode child(ObjectNode object, String field) {
        if (object.get(field) instanceof ObjectNode child) {
            return child;
        }
        return object.putObject(field);
    }

    /** The names of an object's fields, safe to use while the object changes. */
    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The engine's error message: the field of its error shape, or the plain text of old ones. */
    static String errorMessage(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            try {
                JsonNode node = MAPPER.readTree(text);
                if (node.has("message")) {
                    return node.get("message").asText("");
                }
            } catch (JsonProcessingException e) {
                return text;
            }
        }
        return text;
    }
}
