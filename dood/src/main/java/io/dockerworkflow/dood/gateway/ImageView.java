package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.spi.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Shows images as the session sees them: its own tags by their logical names, the host's, and none of other sessions. */
final class ImageView {
    /** What sessions have made, and what their owners need. */
    private static final Pattern OTHERS = Pattern.compile("dw-[0-9a-f]{8}-images/.*|dw-lifeline[:@].*");

    private final GatewayContext gateway;
    private final LogicalView view;

    ImageView(GatewayContext gateway, LogicalView view) {
        this.gateway = gateway;
        this.view = view;
    }

    /** An element of {@code GET /images/json}; empty if it is another session's. */
    Optional<ObjectNode> summary(ObjectNode image) {
        if (!tags(image, Json.text(image.path("Labels"), Labels.SESSION))) {
            return Optional.empty();
        }
        view.labels(image, "Labels");
        return Optional.of(image);
    }

    /** An answer of {@code GET /images/NAME/json}; empty if it is another session's. */
    Optional<ObjectNode> image(ObjectNode image) {
        String session =
                image.path("Config").path("Labels").path(Labels.SESSION).asText("");
        if (!tags(image, session)) {
            return Optional.empty();
        }
        for (String field : new String[] {"Config", "ContainerConfig"}) {
            if (image.get(field) instanceof ObjectNode config) {
                view.labels(config, "Labels");
                LogicalView.text(config, "Image", gateway.images()::toLogical);
            }
        }
        return Optional.of(image);
    }

    /** Rewrites the tags; false if the image is another session's. */
    private boolean tags(ObjectNode image, String session) {
        ImageNames names = gateway.images();
        List<String> mine = new ArrayList<>();
        int hidden = 0;
        for (JsonNode each : image.path("RepoTags")) {
            String tag = each.asText("");
            String logical = names.toLogical(tag);
            if (!logical.equals(tag)) {
                mine.add(logical);
            } else if (OTHERS.matcher(tag).matches()) {
                hidden++;
            } else if (!names.isOwn(tag)) {
                // A tag of the host's that the session has made its own is another image to it.
                mine.add(tag);
            } else {
                hidden++;
            }
        }
        boolean foreign =
                !session.isEmpty() && !session.equals(gateway.names().session().value());
        if (mine.isEmpty() && (hidden > 0 || foreign)) {
            return false;
        }
        replace(image, "RepoTags", mine);
        List<String> digests = new ArrayList<>();
        for (JsonNode digest : image.path("RepoDigests")) {
            String text = digest.asText("");
            if (!OTHERS.matcher(text).matches()) {
                digests.add(text);
            }
        }
        replace(image, "RepoDigests", digests);
        return true;
    }

    private static void replace(ObjectNode image, String field, List<String> texts) {
        if (image.get(field) instanceof ArrayNode array) {
            array.removeAll();
            texts.forEach(array::add);
        }
    }
}
