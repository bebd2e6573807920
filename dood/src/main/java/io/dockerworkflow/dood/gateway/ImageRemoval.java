package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.dockerworkflow.spi.Labels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes away the session's own names of images, and with the last name the image. The host's stay. */
final class ImageRemoval {
    private final GatewayContext gateway;
    private final ImageLookup lookup;
    private final Untagging untagging;

    ImageRemoval(GatewayContext gateway, ImageLookup lookup, Untagging untagging) {
        this.gateway = gateway;
        this.lookup = lookup;
        this.untagging = untagging;
    }

    List<Route> routes() {
        return List.of(Route.of("DELETE", "/images/{name}", this::remove));
    }

    private CompletionStage<Reply> remove(Call call) {
        String reference = call.variable();
        if (gateway.images().isOwn(reference)) {
            return lookup.inspect(call, reference)
                    .thenCompose(image -> untag(
                            call,
                            Json.text(image, "Id"),
                            withLast(gateway.images().toEngine(reference), untagging.own(image))))
                    .thenApply(deleted -> Reply.json(200, deleted));
        }
        return lookup.inspect(call, reference).thenCompose(image -> {
            List<String> own = untagging.own(image);
            boolean hosts = own.size() < image.path("RepoTags").size();
            String id = Json.text(image, "Id");
            boolean byId = id.startsWith(reference) || id.startsWith("sha256:" + reference);
            boolean labelled = image.path("Config")
                    .path("Labels")
                    .path(Labels.SESSION)
                    .asText("")
                    .equals(gateway.names().session().value());
            if (!byId || own.isEmpty() && (hosts || !labelled)) {
                throw ApiException.forbidden("conflict: unable to remove \"" + reference
                        + "\": the image is the host's, and a session removes only its own");
            }
            if (!isOneName(own) && !call.query().flag("force")) {
                throw new ApiException(
                        409,
                        "conflict: unable to delete " + shortId(id)
                                + " (must be forced) - image is referenced in multiple repositories");
            }
            return untag(call, id, own.isEmpty() ? List.of(id) : own).thenApply(deleted -> Reply.json(200, deleted));
        });
    }

    /**
     * As in the daemon, the digests of a repository go with the last tag that the image has in it. What holds the image for the
     * session goes with the last name that the client knows.
     */
    private List<String> withLast(String removed, List<String> own) {
        List<String> names = withDigests(removed, own);
        if (names.containsAll(known(own))) {
            own.stream().filter(gateway.images()::isHold).forEach(names::add);
        }
        return names;
    }

    private List<String> withDigests(String removed, List<String> own) {
        String repository = ImageNames.repository(gateway.images().toLogical(removed));
        List<String> names = new ArrayList<>(List.of(removed));
        if (gateway.images().toLogical(removed).contains("@")) {
            return names;
        }
        for (String other : known(own)) {
            String logical = gateway.images().toLogical(other);
            if (!other.equals(removed) && ImageNames.repository(logical).equals(repository)) {
                if (!logical.contains("@")) {
                    return new ArrayList<>(List.of(removed));
                }
                names.add(other);
            }
        }
        return names;
    }

    private List<String> known(List<String> own) {
        return own.stream().filter(name -> !gateway.images().isHold(name)).toList();
    }

    /** Whether it is a tag at most, with digests of the same repository. */
    private boolean isOneName(List<String> own) {
        List<String> logical =
                known(own).stream().map(gateway.images()::toLogical).sorted().toList();
        boolean oneTag = logical.stream().filter(name -> !name.contains("@")).count() <= 1;
        return oneTag && logical.stream().map(ImageNames::repository).distinct().count() <= 1;
    }

    private static String shortId(String id) {
        String digits = id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
        return digits.substring(0, Math.min(12, digits.length()));
    }

    /**
     * Takes these names away. The first is the last to go: only then does the engine see that a container uses the image, and
     * refuses; then the others are given back.
     */
    private CompletionStage<ArrayNode> untag(Call call, String id, List<String> references) {
        Deque<JsonNode> removed = new ArrayDeque<>();
        Deque<String> gone = new ArrayDeque<>();
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (int i = references.size() - 1; i >= 0; i--) {
            String reference = references.get(i);
            Query query = call.query().copy();
            if (!reference.startsWith(gateway.images().root())) {
                query.remove("force");
            }
            all = all.thenCompose(any -> untagging.untag(call, reference, query))
                    .thenCompose(answer -> {
                        if (!answer.ok()) {
                            return untagging.restore(call, id, gone).thenApply(any -> {
                                answer.orThrow();
                                return false;
                            });
                        }
                        gone.push(reference);
                        removed.push(answer.json());
                        return CompletableFuture.completedFuture(true);
                    });
        }
        return all.thenApply(any -> {
            ArrayNode report = Json.array();
            removed.forEach(each -> untagging.report(each, report));
            return untagsFirst(report);
        });
    }

    /** As an engine has it: the image is deleted after its names. */
    private static ArrayNode untagsFirst(ArrayNode report) {
        ArrayNode sorted = Json.array();
        for (String field : new String[] {"Untagged", "Deleted"}) {
            for (JsonNode each : report) {
                if (each.has(field)) {
                    sorted.add(each);
                }
            }
        }
        return sorted;
    }
}
