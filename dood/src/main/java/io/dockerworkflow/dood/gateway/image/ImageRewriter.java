package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.ImageNames;
import io.dockerworkflow.dood.gateway.session.SessionLabels;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Shows images as the session sees them: its own tags by their logical names, the host's, and none of other sessions. */
public final class ImageRewriter {
    /** What sessions have made, and what their owners need. */
    private static final Pattern OTHERS = Pattern.compile("dw-[0-9a-f]{8}-images/.*|dw-lifeline[:@].*");

    private final GatewayContext gateway;
    private final SessionLabels labels;

    public ImageRewriter(GatewayContext gateway) {
        this.gateway = gateway;
        this.labels = new SessionLabels(gateway.names());
    }

    /** An element of {@code GET /images/json}; empty if it is another session's. */
    public Optional<ObjectNode> summary(ObjectNode image) {
        if (!tags(image, ApiJson.text(image.path("Labels"), Labels.SESSION))) {
            return Optional.empty();
        }
        labels.remove(image, "Labels");
        return Optional.of(image);
    }

    /** Whether an image that was listed, in the engine's words, is there for others only that were built on it. */
    boolean isStep(JsonNode summary) {
        int steps = 0;
        for (JsonNode tag : summary.path("RepoTags")) {
            steps += gateway.ownTags().isStepLease(tag.asText("")) ? 1 : 0;
        }
        return steps > 0 && steps == summary.path("RepoTags").size();
    }

    /** Whether an image that was listed has no tag; of one that is pulled by digest, the digest does not count. */
    static boolean isDangling(JsonNode summary) {
        return !hasName(summary, "RepoTags");
    }

    /** Whether an image that was listed is known by a digest. */
    static boolean hasDigest(JsonNode summary) {
        return hasName(summary, "RepoDigests");
    }

    private static boolean hasName(JsonNode summary, String field) {
        for (JsonNode name : summary.path(field)) {
            if (!name.asText("").startsWith("<none>")) {
                return true;
            }
        }
        return false;
    }

    /** Before API 1.43, an engine lists an image that has no name as {@code <none>}; one that the session holds has one there. */
    static ObjectNode withoutName(ObjectNode summary) {
        if (summary.path("RepoTags").isEmpty() && summary.path("RepoDigests").isEmpty()) {
            summary.putArray("RepoTags").add("<none>:<none>");
            summary.putArray("RepoDigests").add("<none>@<none>");
        }
        return summary;
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
                labels.remove(config, "Labels");
                TextFields.text(config, "Image", gateway.images()::toLogical);
            }
        }
        return Optional.of(image);
    }

    /** A tag as the session sees it; empty if it does not see it. */
    Optional<String> tag(String engineTag) {
        ImageNames names = gateway.images();
        String logical = names.toLogical(engineTag);
        if (!logical.equals(engineTag)) {
            return Optional.of(logical);
        }
        // A tag of the host's that the session has made its own is another image to it.
        boolean hidden = OTHERS.matcher(engineTag).matches()
                || names.isOwn(engineTag)
                || !gateway.visible().allows(engineTag);
        return hidden ? Optional.empty() : Optional.of(engineTag);
    }

    /** Rewrites the tags; false if the image is another session's. */
    private boolean tags(ObjectNode image, String session) {
        List<String> mine = new ArrayList<>();
        Set<String> digests = new LinkedHashSet<>();
        Map<String, String> repositories = new HashMap<>();
        int hidden = 0;
        boolean own = session.equals(gateway.names().session().value());
        for (JsonNode each : image.path("RepoTags")) {
            Optional<String> seen = tag(each.asText(""));
            seen.ifPresent(name -> repositories.put(
                    ImageReference.nameAsWritten(each.asText("")), ImageReference.nameAsWritten(name)));
            seen.ifPresent(name -> (name.contains("@") ? digests : mine).add(name));
            // A tag that the gateway has given for itself: what a build has left has no name to the session.
            boolean unnamed = seen.isEmpty()
                    && each.asText("").startsWith(gateway.images().root());
            own |= unnamed;
            hidden += seen.isPresent() || unnamed ? 0 : 1;
        }
        for (JsonNode digest : image.path("RepoDigests")) {
            // With containerd's images each tag brings a digest in its repository, the session's tags as well.
            String text = digest.asText("");
            String repository = ImageReference.nameAsWritten(text);
            String known = repositories.getOrDefault(repository, repository) + text.substring(repository.length());
            if (isVisibleDigest(known, mine)) {
                digests.add(known);
            }
        }
        boolean unseen = gateway.visible().all()
                ? hidden > 0 || !session.isEmpty() && !own
                : digests.isEmpty() && !own && !gateway.visible().isAdopted(id(image));
        if (mine.isEmpty() && unseen && digests.stream().noneMatch(gateway.images()::isOwn)) {
            return false;
        }
        replace(image, "RepoTags", mine);
        replace(image, "RepoDigests", digests);
        return true;
    }

    private static String id(ObjectNode image) {
        return ApiJson.text(image, image.has("Id") ? "Id" : "ID");
    }

    private boolean isVisibleDigest(String digest, List<String> tags) {
        if (OTHERS.matcher(digest).matches()) {
            return false;
        }
        String repository = ImageReference.nameAsWritten(digest);
        return gateway.visible().allows(digest) || tags.stream().anyMatch(tag -> tag.startsWith(repository + ":"));
    }

    private static void replace(ObjectNode image, String field, Collection<String> texts) {
        // Null where there are none, in lists of 20.10.
        if (image.get(field) instanceof ArrayNode || !texts.isEmpty()) {
            ArrayNode array = ApiJson.array();
            texts.forEach(array::add);
            image.set(field, array);
        }
    }
}
