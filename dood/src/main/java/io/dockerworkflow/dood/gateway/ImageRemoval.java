package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.dockerworkflow.spi.Labels;
import java.util.ArrayList;
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
                    .thenCompose(image ->
                            untag(call, withDigests(gateway.images().toEngine(reference), untagging.own(image))))
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
            return untag(call, own.isEmpty() ? List.of(id) : own).thenApply(deleted -> Reply.json(200, deleted));
        });
    }

    /** As in the daemon, the digests of a repository go with the last tag that the image has in it. */
    private List<String> withDigests(String removed, List<String> own) {
        String repository = ImageNames.repository(gateway.images().toLogical(removed));
        List<String> names = new ArrayList<>(List.of(removed));
        if (gateway.images().toLogical(removed).contains("@")) {
            return names;
        }
        for (String other : own) {
            String logical = gateway.images().toLogical(other);
            if (!other.equals(removed) && ImageNames.repository(logical).equals(repository)) {
                if (!logical.contains("@")) {
                    return List.of(removed);
                }
                names.add(other);
            }
        }
        return names;
    }

    /** Whether it is a tag at most, with digests of the same repository. */
    private boolean isOneName(List<String> own) {
        List<String> logical =
                own.stream().map(gateway.images()::toLogical).sorted().toList();
        boolean oneTag = logical.stream().filter(name -> !name.contains("@")).count() <= 1;
        return oneTag && logical.stream().map(ImageNames::repository).distinct().count() <= 1;
    }

    private static String shortId(String id) {
        String digits = id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
        return digits.substring(0, Math.min(12, digits.length()));
    }

    private CompletionStage<ArrayNode> untag(Call call, List<String> references) {
        CompletionStage<ArrayNode> all = CompletableFuture.completedFuture(Json.array());
        for (String reference : references) {
            Query query = call.query().copy();
            if (!reference.startsWith(gateway.images().root())) {
                query.remove("force");
            }
            all = all.thenCompose(deleted -> untagging
                    .untag(call, reference, query)
                    .thenApply(answer -> {
                        untagging.report(answer.orThrow().json(), deleted);
                        return deleted;
                    }));
        }
        return all;
    }
}
