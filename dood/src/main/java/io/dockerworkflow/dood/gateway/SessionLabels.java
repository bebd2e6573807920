package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.spi.Labels;
import io.dockerworkflow.spi.SessionNames;
import java.util.Map;

/** The labels that the session's objects carry beside their client's own. Changes the trees in place. */
final class SessionLabels {
    /** Marks a volume for which the client asked no labels: an engine shows null for its labels, not an empty list. */
    static final String NO_LABELS = Labels.PREFIX + "nolabels";

    private final SessionNames names;

    SessionLabels(SessionNames names) {
        this.names = names;
    }

    /** Removes the labels that only the session knows of. */
    void remove(ObjectNode owner, String field) {
        if (owner.get(field) instanceof ObjectNode labels) {
            for (String name : Json.names(labels)) {
                boolean extra = names.extraLabels().containsKey(name)
                        && labels.path(name)
                                .asText("")
                                .equals(names.extraLabels().get(name));
                if (name.startsWith(Labels.PREFIX) || extra) {
                    labels.remove(name);
                }
            }
        }
    }

    /** Adds labels to those that a client gave. */
    static void add(ObjectNode owner, String field, Map<String, String> labels) {
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
