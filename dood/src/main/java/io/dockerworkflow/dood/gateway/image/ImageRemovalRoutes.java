package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes away the session's own names of images, and with the last name the image. The host's stay. */
public final class ImageRemovalRoutes {
    private final GatewayContext gateway;
    private final ImageLookup lookup;
    private final TagRemoval tagRemoval;

    public ImageRemovalRoutes(GatewayContext gateway, ImageLookup lookup, TagRemoval tagRemoval) {
        this.gateway = gateway;
        this.lookup = lookup;
        this.tagRemoval = tagRemoval;
    }

    public List<Route> routes() {
        return List.of(Route.of("DELETE", "/images/{name}", this::remove));
    }

    private CompletionStage<ClientResponse> remove(ClientRequest request) {
        String reference = request.variable();
        if (gateway.images().isOwn(reference)) {
            return lookup.inspect(request, reference)
                    .thenCompose(image -> untag(
                            request,
                            ApiJson.text(image, "Id"),
                            withLast(gateway.images().toEngine(reference), tagRemoval.own(image))))
                    .thenApply(deleted -> ClientResponse.json(200, deleted));
        }
        return lookup.inspect(request, reference).thenCompose(image -> {
            List<String> own = tagRemoval.own(image);
            boolean hosts = own.size() < image.path("RepoTags").size();
            String id = ApiJson.text(image, "Id");
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
            if (!isOneName(own) && !request.query().flag("force")) {
                throw new ApiException(
                        409,
                        "conflict: unable to delete " + shortId(id)
                                + " (must be forced) - image is referenced in multiple repositories");
            }
            return untag(request, id, own.isEmpty() ? List.of(id) : own)
                    .thenApply(deleted -> ClientResponse.json(200, deleted));
        });
    }

    /**
     * As in the daemon, the digests of a repository go with the last tag that the image has in it. What holds the image for the
     * session goes with the last name that the client knows.
     */
    private List<String> withLast(String removed, List<String> own) {
        List<String> names = withDigests(removed, own);
        if (names.containsAll(known(own))) {
            own.stream().filter(gateway.ownTags()::isLease).forEach(names::add);
        }
        return names;
    }

    private List<String> withDigests(String removed, List<String> own) {
        String repository = ImageReference.nameAsWritten(gateway.images().toLogical(removed));
        List<String> names = new ArrayList<>(List.of(removed));
        if (gateway.images().toLogical(removed).contains("@")) {
            return names;
        }
        for (String other : known(own)) {
            String logical = gateway.images().toLogical(other);
            if (!other.equals(removed) && ImageReference.nameAsWritten(logical).equals(repository)) {
                if (!logical.contains("@")) {
                    return new ArrayList<>(List.of(removed));
                }
                names.add(other);
            }
        }
        return names;
    }

    private List<String> known(List<String> own) {
        return own.stream().filter(name -> !gateway.ownTags().isLease(name)).toList();
    }

    /** Whether it is a tag at most, with digests of the same repository. */
    private boolean isOneName(List<String> own) {
        List<String> logical =
                known(own).stream().map(gateway.images()::toLogical).sorted().toList();
        boolean oneTag = logical.stream().filter(name -> !name.contains("@")).count() <= 1;
        return oneTag
                && logical.stream()
                                .map(ImageReference::nameAsWritten)
                                .distinct()
                                .count()
                        <= 1;
    }

    private static String shortId(String id) {
        String digits = id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
        return digits.substring(0, Math.min(12, digits.length()));
    }

    /**
     * Takes these names away. The first is the last to go: only then does the engine see that a container uses the image, and
     * refuses; then the others are given back.
     */
    private CompletionStage<ArrayNode> untag(ClientRequest request, String id, List<String> references) {
        Deque<JsonNode> removed = new ArrayDeque<>();
        Deque<String> gone = new ArrayDeque<>();
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (int i = references.size() - 1; i >= 0; i--) {
            String reference = references.get(i);
            Query query = request.query().copy();
            if (!reference.startsWith(gateway.images().root())) {
                query.remove("force");
            }
            all = all.thenCompose(any -> tagRemoval.untag(request, reference, query))
                    .thenCompose(response -> {
                        if (!response.ok()) {
                            return tagRemoval.restore(request, id, gone).thenApply(any -> {
                                response.orThrow();
                                return false;
                            });
                        }
                        gone.push(reference);
                        removed.push(response.json());
                        return CompletableFuture.completedFuture(true);
                    });
        }
        return all.thenApply(any -> {
            ArrayNode report = ApiJson.array();
            removed.forEach(each -> tagRemoval.report(each, report));
            return untagsFirst(report);
        });
    }

    /** As an engine has it: the image is deleted after its names. */
    private static ArrayNode untagsFirst(ArrayNode report) {
        ArrayNode sorted = ApiJson.array();
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
