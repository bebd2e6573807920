package io.dockerworkflow.dood.gateway.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.SessionLabels;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Rewrites what the engine says of the session's networks into what their client knows. Changes the trees in place. */
final class NetworkRewriter {
    private final SessionNames names;
    private final SessionLabels labels;

    NetworkRewriter(SessionNames names) {
        this.names = names;
        this.labels = new SessionLabels(names);
    }

    /** A network, listed or inspected. */
    ObjectNode rewrite(ObjectNode network) {
        UnaryOperator<String> logicalName = name -> names.logicalName(name).orElse(name);
        TextFields.text(network, "Name", logicalName);
        if (network.get("ConfigFrom") instanceof ObjectNode configuration) {
            TextFields.text(configuration, "Network", logicalName);
        }
        labels.remove(network, "Labels");
        if (network.get("Containers") instanceof ObjectNode containers) {
            for (String id : ApiJson.names(containers)) {
                if (containers.get(id) instanceof ObjectNode container) {
                    String name = ApiJson.text(container, "Name");
                    Optional<String> logical = names.logicalName(name);
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
}
