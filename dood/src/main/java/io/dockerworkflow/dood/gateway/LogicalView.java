package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dockerworkflow.spi.Labels;
import io.dockerworkflow.spi.SessionNames;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Rewrites what the engine says of the session's networks and volumes, and what its objects have in common, into what their client
 * knows. Changes the trees in place.
 */
final class LogicalView {
    /** Marks a volume for which the client asked no labels: an engine shows null for its labels, not an empty list. */
    static final String NO_LABELS = Labels.PREFIX + "nolabels";

    private final GatewayContext gateway;

    LogicalView(GatewayContext gateway) {
        this.gateway = gateway;
    }

    private SessionNames names() {
        return gateway.names();
    }

    /** A name of the engine's, alone, behind "container:", or as an id. */
    String reference(String value) {
        String head = value.startsWith("container:") ? "container:" : "";
        String name = value.substring(head.length());
        return head + names().logicalName(name).orElse(name);
    }

    static String volumePath(String path, String engineName, String logical) {
        return path.replace("/" + engineName + "/", "/" + logical + "/");
    }

    /** A network, listed or inspected. */
    ObjectNode network(ObjectNode network) {
        UnaryOperator<String> logicalName = name -> names().logicalName(name).orElse(name);
        text(network, "Name", logicalName);
        if (network.get("ConfigFrom") instanceof ObjectNode configuration) {
            text(configuration, "Network", logicalName);
        }
        labels(network, "Labels");
        if (network.get("Containers") instanceof ObjectNode containers) {
            for (String id : Json.names(containers)) {
                if (containers.get(id) instanceof ObjectNode container) {
                    String name = Json.text(container, "Name");
                    Optional<String> logical = names().logicalName(name);
                    if (logical.isPresent()) {
                        container.put("Name", logical.get());
                    } else {
                        containers.remove(id);
                    }
                }
            }
        }
        return network;
    }

    /** A volume, listed or inspected. */
    ObjectNode volume(ObjectNode volume) {
        String engineName = Json.text(volume, "Name");
        names().logicalName(engineName).ifPresent(logical -> {
            volume.put("Name", logical);
            text(volume, "Mountpoint", path -> volumePath(path, engineName, logical));
        });
        boolean bare = volume.path("Labels").has(NO_LABELS);
        labels(volume, "Labels");
        if (bare) {
            volume.putNull("Labels");
        }
        return volume;
    }

    /** Removes the labels that only the session knows of. */
    void labels(ObjectNode owner, String field) {
        if (owner.get(field) instanceof ObjectNode labels) {
            for (String name : Json.names(labels)) {
                boolean extra = names().extraLabels().containsKey(name)
                        && labels.path(name)
                                .asText("")
                                .equals(names().extraLabels().get(name));
                if (name.startsWith(Labels.PREFIX) || extra) {
                    labels.remove(name);
                }
            }
        }
    }

    static void text(ObjectNode owner, String field, UnaryOperator<String> change) {
        JsonNode node = owner.get(field);
        if (node != null && node.isTextual()) {
            owner.put(field, change.apply(node.textValue()));
        }
    }

    static void texts(ArrayNode array, UnaryOperator<String> change) {
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).isTextual()) {
                array.set(i, TextNode.valueOf(change.apply(array.get(i).textValue())));
            }
        }
    }

    /** Adds labels to those that a client gave. */
    static void addLabels(ObjectNode owner, String field, Map<String, String> labels) {
        JsonNode given = owner.get(field);
        if (given instanceof ObjectNode object) {
            for (String name : Json.names(object)) {
                if (name.startsWith(Labels.PREFIX)) {
                    throw ApiException.badRequest("the label \"" + name + "\" is reserved for the session's gateway");
                }
            }
        }
        ObjectNode all = Json.child(owner, field);
        labels.forEach(all::put);
    }
}
