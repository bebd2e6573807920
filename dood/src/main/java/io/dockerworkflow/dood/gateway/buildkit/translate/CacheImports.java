package io.dockerworkflow.dood.gateway.buildkit.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import io.dockerworkflow.internal.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Translates where a build's cache comes from. */
final class CacheImports {
    private static final int TYPE = 1;
    private static final int ATTRIBUTES = 2;

    private final BuildSettings settings;
    private final SourceImages sources;

    CacheImports(BuildSettings settings) {
        this.settings = settings;
        this.sources = new SourceImages(settings.images());
    }

    /** Of the attribute that holds them as JSON. */
    String json(String imports) {
        try {
            JsonNode entries = JsonTree.read(imports.getBytes(StandardCharsets.UTF_8));
            if (entries instanceof ArrayNode array) {
                array.removeIf(this::isHidden);
            }
            for (JsonNode entry : entries) {
                entry.properties().forEach(field -> {
                    if (field.getKey().equalsIgnoreCase("Attrs") && field.getValue() instanceof ObjectNode attributes) {
                        JsonNode reference = attributes.get("ref");
                        if (reference != null) {
                            attributes.put("ref", readable(reference.asText()));
                        }
                    }
                });
            }
            return new String(JsonTree.write(entries), StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new GrpcRefusal(GrpcStatus.INVALID_ARGUMENT, "The attribute cache-imports is no JSON");
        }
    }

    /** Of a {@code CacheOptionsEntry}. */
    List<byte[]> entries(List<ProtoMessage> imports) {
        List<byte[]> result = new ArrayList<>();
        if (settings.isolatedCache()) {
            return result;
        }
        for (ProtoMessage each : imports) {
            Map<String, String> attributes = each.stringMap(ATTRIBUTES);
            if (each.string(TYPE).equals("registry") && attributes.containsKey("ref")) {
                if (sources.isHidden(attributes.getOrDefault("ref", ""))) {
                    continue;
                }
                attributes.computeIfPresent("ref", (key, reference) -> readable(reference));
                each.setMap(ATTRIBUTES, attributes);
            }
            result.add(each.toBytes());
        }
        return result;
    }

    private boolean isHidden(JsonNode entry) {
        return entry.properties().stream()
                .filter(field -> field.getKey().equalsIgnoreCase("Attrs"))
                .anyMatch(field -> sources.isHidden(field.getValue().path("ref").asText("")));
    }

    /** The engine looks for a local image of that name before it asks the registry. */
    private String readable(String reference) {
        return sources.toEngine(reference, "the cache import");
    }
}
