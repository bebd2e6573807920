package io.dockerworkflow.dood.gateway.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.internal.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** JSON as the Docker API has it, read and written by {@link JsonTree}; what is none is an error of the API. */
public final class ApiJson {
    private ApiJson() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Reads what the engine sent. */
    public static JsonNode parse(byte[] bytes) {
        try {
            return JsonTree.read(bytes);
        } catch (JsonProcessingException e) {
            throw new ApiException(502, "the engine's answer is not JSON: " + e.getMessage());
        }
    }

    /** Reads what a client sent; an empty body is an empty object, a key that occurs twice an error. */
    public static ObjectNode parseRequest(byte[] bytes) {
        if (bytes.length == 0) {
            return object();
        }
        try {
            JsonNode node = JsonTree.readUnambiguous(bytes);
            if (node.isNull() || node.isMissingNode()) {
                return object();
            }
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("invalid JSON: " + e.getOriginalMessage());
        }
        throw ApiException.badRequest("invalid JSON: an object is expected");
    }

    /** Reads a client's parameter; none is an empty object. The error does not repeat it, for build arguments are secrets. */
    public static JsonNode parseParameter(String name, String text) {
        if (text.isBlank()) {
            return object();
        }
        try {
            return JsonTree.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("error reading " + name + ": invalid JSON");
        }
    }

    public static byte[] bytes(JsonNode node) {
        return JsonTree.write(node);
    }

    /** What a client gets as an answer of its own. */
    public static byte[] document(JsonNode node) {
        return JsonTree.writeLine(node);
    }

    public static String text(JsonNode node) {
        return new String(bytes(node), StandardCharsets.UTF_8);
    }

    /** The text of a field, or "". */
    public static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }

    /** A field that is an object; made if it is absent. */
    public static ObjectNode child(ObjectNode object, String field) {
        if (object.get(field) instanceof ObjectNode child) {
            return child;
        }
        return object.putObject(field);
    }

    /** The names of an object's fields, safe to use while the object changes. */
    public static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The engine's error message: the field of its error shape, or the plain text of old ones. */
    public static String errorMessage(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            try {
                JsonNode node = JsonTree.read(body);
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
