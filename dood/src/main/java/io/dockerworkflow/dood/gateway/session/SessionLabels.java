package io.dockerworkflow.dood.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.Map;

/** The labels that the session's objects carry beside their client's own. Changes the trees in place. */
public final class SessionLabels {
    /** Marks a volume for which the client asked no labels: an engine shows null for its labels, not an empty list. */
    public static final String NO_LABELS = Labels.PREFIX + "nolabels";

    private final SessionNames names;

    public SessionLabels(SessionNames names) {
        this.names = names;
    }

    /** Removes the labels that only the session knows of. */
    public void remove(ObjectNode parent, String field) {
        if (parent.get(field) instanceof ObjectNode labels) {
            for (String name : ApiJson.names(labels)) {
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
    public static void add(ObjectNode parent, String field, Map<String, String> labels) {
        JsonNode given = parent.get(field);
        if (given instanceof ObjectNode object) {
            for (String name : ApiJson.names(object)) {
                if (name.startsWith(Labels.PREFIX)) {
                    throw ApiException.badRequest("the label \"" + name + "\" is reserved for the session's gateway");
                }
            }
        }
        ObjectNode all = ApiJson.child(parent, field);
        labels.forEach(all::put);
    }
}
