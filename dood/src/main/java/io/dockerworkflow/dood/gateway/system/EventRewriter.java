package io.dockerworkflow.dood.gateway.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.SessionLabels;
import io.dockerworkflow.internal.children.Labels;

/**
 * Tells the session's events from others', and puts its names into them. Goes by what the event itself says wherever it can:
 * an event may come before the answer to the request that caused it.
 */
public final class EventRewriter {
    private final GatewayContext gateway;
    private final SessionLabels labels;

    public EventRewriter(GatewayContext gateway) {
        this.gateway = gateway;
        this.labels = new SessionLabels(gateway.names());
    }

    boolean isMine(ObjectNode event) {
        JsonNode actor = event.path("Actor");
        JsonNode attributes = actor.path("Attributes");
        String id = ApiJson.text(actor, "ID");
        return switch (ApiJson.text(event, "Type")) {
            case "container" ->
                // An image that the session has built brings the label to whoever runs it.
                isMine(attributes)
                        && gateway.names()
                                .logicalName(ApiJson.text(attributes, "name"))
                                .isPresent();
            case "network" ->
                !isCaller(ApiJson.text(attributes, "container"))
                        && (gateway.names()
                                        .logicalName(ApiJson.text(attributes, "name"))
                                        .isPresent()
                                || isMyContainer(ApiJson.text(attributes, "container")));
            case "volume" ->
                gateway.names().logicalName(id).isPresent()
                        || gateway.index().volumes().isOrWas(id)
                        || isMyContainer(ApiJson.text(attributes, "container"));
            case "image" ->
                !gateway.ownTags().isLease(ApiJson.text(attributes, "name"))
                        && (isMine(attributes) || isMyImage(id) || isMyImage(ApiJson.text(attributes, "name")));
            default -> false;
        };
    }

    private boolean isMine(JsonNode attributes) {
        return ApiJson.text(attributes, Labels.SESSION)
                .equals(gateway.names().session().value());
    }

    /** The caller's container joins and leaves networks unseen. */
    private boolean isCaller(String id) {
        return gateway.settings().caller().filter(id::equals).isPresent();
    }

    private boolean isMyContainer(String id) {
        return !id.isEmpty() && gateway.index().containers().isOrWas(id);
    }

    private boolean isMyImage(String reference) {
        return reference.startsWith(gateway.images().root())
                || gateway.ownTags().isLeased(reference)
                || !reference.isEmpty()
                        && !reference.startsWith("sha256:")
                        && gateway.images().isOwn(reference);
    }

    ObjectNode logical(ObjectNode event) {
        if (!(event.get("Actor") instanceof ObjectNode actor)) {
            return event;
        }
        String id = ApiJson.text(actor, "ID");
        if (ApiJson.text(event, "Type").equals("volume")) {
            TextFields.text(
                    actor, "ID", name -> gateway.names().logicalName(name).orElse(name));
        } else if (id.startsWith(gateway.images().root())) {
            TextFields.text(actor, "ID", gateway.images()::toLogical);
            TextFields.text(event, "id", gateway.images()::toLogical);
        }
        labels.remove(actor, "Attributes");
        if (actor.get("Attributes") instanceof ObjectNode attributes) {
            for (String field : new String[] {"name", "oldName"}) {
                TextFields.text(attributes, field, this::name);
            }
            // The second in commit's.
            for (String field : new String[] {"image", "imageRef"}) {
                TextFields.text(attributes, field, gateway.images()::toLogical);
            }
        }
        TextFields.text(event, "from", gateway.images()::toLogical);
        return event;
    }

    private String name(String value) {
        if (value.startsWith(gateway.images().root())) {
            return gateway.images().toLogical(value);
        }
        String slash = value.startsWith("/") ? "/" : "";
        String bare = value.substring(slash.length());
        return slash + gateway.names().logicalName(bare).orElse(bare);
    }
}
