package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.policy.Schema.Field;
import io.dockerworkflow.dood.policy.Schema.Free;
import io.dockerworkflow.dood.policy.Schema.ListOf;
import io.dockerworkflow.dood.policy.Schema.MapOf;
import io.dockerworkflow.dood.policy.Schema.Struct;
import io.dockerworkflow.internal.json.JsonTree;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads request bodies as the engine would. What is checked here must be what is sent there: pass on the tree, never the
 * client's bytes. Safe for use by several threads.
 */
public final class EngineJson {
    // Engines before 25 take these from the top of the body where HostConfig leaves them out, and no others.
    private static final List<String> MERGED_FROM_TOP =
            List.of("Memory", "MemorySwap", "CpuShares", "CpusetCpus", "VolumeDriver");

    private EngineJson() {}

    /**
     * Reads a body, with the keys of structs in their canonical spelling.
     *
     * @param body the kind of body
     * @param bytes the body; empty or {@code null} counts as an empty object
     * @throws MalformedBodyException if it is not a JSON object, has a key twice (also in another case) with unlike
     *     values, or an object or list
     *     where the engine wants another kind
     */
    public static ObjectNode parse(RequestKind body, byte[] bytes) throws MalformedBodyException {
        ObjectNode canonical = object(canonical(read(bytes), body.shape(), ""));
        return body == RequestKind.CONTAINER_CREATE ? withOneHostConfig(canonical) : canonical;
    }

    /**
     * Reads a JSON value of any shape.
     *
     * @throws MalformedBodyException if it is not JSON or has a key twice with unlike values
     */
    static JsonNode read(byte[] bytes) throws MalformedBodyException {
        try {
            refuseDuplicates(bytes);
            JsonNode tree = JsonTree.read(bytes);
            return tree.isMissingNode() ? JsonNodeFactory.instance.nullNode() : tree;
        } catch (JsonProcessingException e) {
            throw MalformedBodyException.invalid("invalid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw MalformedBodyException.invalid("invalid JSON: " + e.getMessage());
        }
    }

    /**
     * A tree would keep the last of two equal keys, and hide that there was another. The same value twice is no riddle:
     * docker-java 3.7.1 sends enableIPv6 and EnableIPv6 for each network.
     */
    private static void refuseDuplicates(byte[] bytes) throws IOException, MalformedBodyException {
        Deque<Map<String, String>> objects = new ArrayDeque<>();
        try (JsonParser parser = JsonTree.parser(bytes)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    token = parser.nextToken();
                    String value = token + " " + parser.getText();
                    String before = objects.element().putIfAbsent(key, value);
                    if (before != null && !(before.equals(value) && token.isScalarValue())) {
                        throw duplicate(key);
                    }
                }
                if (token == JsonToken.START_OBJECT) {
                    objects.push(new HashMap<>());
                } else if (token == JsonToken.END_OBJECT) {
                    objects.pop();
                }
            }
        }
    }

    private static MalformedBodyException duplicate(String key) {
        return MalformedBodyException.ambiguous("duplicate key \"" + key
                + "\" in the request body: which of the two values" + " counts would be the engine's guess");
    }

    private static ObjectNode object(JsonNode tree) throws MalformedBodyException {
        if (tree.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        return tree instanceof ObjectNode object ? object : wrongKind("request body", "an object");
    }

    private static JsonNode canonical(JsonNode node, Schema shape, String path) throws MalformedBodyException {
        if (node.isNull() || shape instanceof Free) {
            return node;
        }
        if (shape instanceof ListOf list) {
            if (!node.isArray()) {
                return wrongKind(path, "a list");
            }
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : node) {
                items.add(canonical(item, list.item(), path + "[" + items.size() + "]"));
            }
            return items;
        }
        if (!node.isObject()) {
            return wrongKind(path.isEmpty() ? "request body" : path, "an object");
        }
        return shape instanceof MapOf map
                ? canonicalMap((ObjectNode) node, map, path)
                : canonicalStruct((ObjectNode) node, (Struct) shape, path);
    }

    private static ObjectNode canonicalMap(ObjectNode node, MapOf map, String path) throws MalformedBodyException {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            result.set(entry.getKey(), canonical(entry.getValue(), map.value(), path + "." + entry.getKey()));
        }
        return result;
    }

    private static ObjectNode canonicalStruct(ObjectNode node, Struct struct, String path)
            throws MalformedBodyException {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        Map<String, JsonNode> seen = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = entry.getKey();
            JsonNode before = seen.putIfAbsent(Schema.fold(key), entry.getValue());
            if (before != null && !(before.isValueNode() && before.equals(entry.getValue()))) {
                throw duplicate(path(path, key));
            }
            Optional<Field> field = struct.field(key);
            if (field.isPresent()) {
                String name = field.get().name();
                result.set(name, canonical(entry.getValue(), field.get().shape(), path(path, name)));
            } else {
                result.set(key, entry.getValue());
            }
        }
        return result;
    }

    private static String path(String parent, String key) {
        return parent.isEmpty() ? key : parent + "." + key;
    }

    private static <T> T wrongKind(String path, String kind) throws MalformedBodyException {
        throw MalformedBodyException.invalid("invalid JSON: " + path + " must be " + kind);
    }

    /** Moves what engines before 25 would take from the top of the body to where it is checked. */
    private static ObjectNode withOneHostConfig(ObjectNode body) {
        boolean hadNone = !(body.get("HostConfig") instanceof ObjectNode);
        ObjectNode host = hadNone ? body.putObject("HostConfig") : (ObjectNode) body.get("HostConfig");
        for (String name : Schemas.HOST_FIELDS.names()) {
            JsonNode top = body.remove(name);
            if (top != null && (hadNone || MERGED_FROM_TOP.contains(name) && !StrictFields.isSet(host.get(name)))) {
                host.set(name, top);
            }
        }
        JsonNode cpuset = body.remove("Cpuset");
        if (StrictFields.isSet(cpuset) && !StrictFields.isSet(host.get("CpusetCpus"))) {
            host.set("CpusetCpus", cpuset);
        }
        return body;
    }
}
