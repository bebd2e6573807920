package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.ExclusiveOperation;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.internal.children.Labels;
import io.netty.handler.codec.http.HttpMethod;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Prunes as an engine that holds nothing but the session's things. The engine itself would take all names of an image, also the
 * host's, and finds what carries the session's label only: so each of the session's names is taken away by itself.
 */
public final class ImagePruneRoutes {
    /** What no image has: with that label, an engine looks whether the filters are right, and takes nothing. */
    private static final String ON_NONE = Labels.PREFIX + "on-none";

    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageRewriter rewriter;
    private final TagRemoval tagRemoval;

    public ImagePruneRoutes(GatewayContext gateway, Resolver resolver, ImageRewriter rewriter, TagRemoval tagRemoval) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.rewriter = rewriter;
        this.tagRemoval = tagRemoval;
    }

    public List<Route> routes() {
        return List.of(Route.of("POST", "/images/prune", this::prune));
    }

    private CompletionStage<ClientResponse> prune(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        boolean named = filters.get("dangling").contains("false")
                || filters.get("dangling").contains("0");
        Filters none = Filters.of(request.query()).add("label", ON_NONE);
        Query check = request.query().copy().set("filters", none.encode());
        ArrayNode deleted = ApiJson.array();
        return ExclusiveOperation.prune(request, "/images/prune", check)
                .thenCompose(checked -> {
                    checked.orThrow();
                    return now(request, filters);
                })
                .thenCompose(now -> unused(request, named, PruneFilter.of(filters, now)))
                .thenCompose(images -> {
                    CompletionStage<Long> reclaimed = CompletableFuture.completedFuture(0L);
                    for (JsonNode image : images) {
                        // One after the other, as an engine does: two at once would each spare the parents that they
                        // share.
                        reclaimed = reclaimed.thenCompose(
                                bytes -> remove(request, image, deleted).thenApply(more -> bytes + more));
                    }
                    return reclaimed;
                })
                .thenApply(reclaimed -> {
                    ObjectNode report = ApiJson.object();
                    // As an engine says it that has pruned nothing.
                    report.set("ImagesDeleted", deleted.isEmpty() ? report.nullNode() : deleted);
                    return ClientResponse.json(200, report.put("SpaceReclaimed", reclaimed));
                });
    }

    /** The engine's clock and zone, by which it reads times. */
    private static CompletionStage<OffsetDateTime> now(ClientRequest request, Filters filters) {
        return filters.has("until")
                ? request.ask(HttpMethod.GET, "/info")
                        .thenApply(response -> OffsetDateTime.parse(
                                ApiJson.text(response.orThrow().object(), "SystemTime")))
                : CompletableFuture.completedFuture(OffsetDateTime.now(ZoneOffset.UTC));
    }

    /** The session's images that a prune is to take. */
    private CompletionStage<List<JsonNode>> unused(ClientRequest request, boolean named, PruneFilter filter) {
        return request.ask(HttpMethod.GET, "/containers/json", new Query().set("all", "1"))
                .thenCombine(request.ask(HttpMethod.GET, "/images/json"), (containers, images) -> {
                    Set<String> mine = new HashSet<>();
                    Set<String> others = new HashSet<>();
                    for (JsonNode container : containers.orThrow().json()) {
                        (resolver.isMine(container) ? mine : others).add(ApiJson.text(container, "ImageID"));
                    }
                    List<JsonNode> unused = new ArrayList<>();
                    for (JsonNode image : images.orThrow().json()) {
                        String id = ApiJson.text(image, "Id");
                        boolean free = !mine.contains(id) && !(others.contains(id) && isMineAlone(image));
                        if (free && isMine(image) && !rewriter.isStep(image) && isWanted(image, named, filter)) {
                            unused.add(image);
                        }
                    }
                    return unused;
                });
    }

    private boolean isMine(JsonNode image) {
        List<String> own = tagRemoval.own(image);
        return !own.isEmpty() && own.stream().noneMatch(gateway.ownTags()::isPushMark)
                || names(image).isEmpty()
                        && ApiJson.text(image.path("Labels"), Labels.SESSION)
                                .equals(gateway.names().session().value());
    }

    /** Whether nobody else has a name for it. Then it goes with its last name, which an engine refuses if a container uses it. */
    private boolean isMineAlone(JsonNode image) {
        // With containerd's images, each of the session's tags brings a digest in its repository.
        return names(image).stream()
                .allMatch(name -> name.startsWith(gateway.images().root()));
    }

    private static List<String> names(JsonNode image) {
        List<String> names = new ArrayList<>();
        for (String field : new String[] {"RepoTags", "RepoDigests"}) {
            image.path(field).forEach(name -> names.add(name.asText("")));
        }
        names.removeIf(name -> name.startsWith("<none>"));
        return names;
    }

    /** Whether the prune is of such images, by what the client sees of it: without a tag, it is dangling. */
    private boolean isWanted(JsonNode image, boolean named, PruneFilter filter) {
        return image instanceof ObjectNode object
                && rewriter.summary(object.deepCopy())
                        .filter(seen -> named || ImageRewriter.isDangling(seen))
                        .filter(filter::matches)
                        .isPresent();
    }

    /** Takes the session's names away; the bytes that this has given back. */
    private CompletionStage<Long> remove(ClientRequest request, JsonNode image, ArrayNode deleted) {
        String id = ApiJson.text(image, "Id");
        List<String> own = tagRemoval.own(image);
        // Tags before digests, as an engine has it; what clients do not see is last.
        own.sort(Comparator.comparing(gateway.ownTags()::isLease)
                .thenComparing(name -> gateway.images().toLogical(name).contains("@")));
        CompletionStage<List<String>> names = CompletableFuture.completedFuture(own);
        if (own.isEmpty()) {
            // By its id it would go even if the host has given it a name meanwhile.
            names = ImageLeases.lease(gateway, request, id)
                    .thenApply(leased -> leased ? List.of(gateway.ownTags().lease(id)) : List.of());
        }
        return request.ask(HttpMethod.GET, ImageApi.path(id) + "/history")
                .thenCombine(
                        names,
                        (history, all) -> untag(request, all, deleted)
                                .thenApply(gone -> history.ok() ? reclaimed(history.json(), gone) : 0L))
                .thenCompose(bytes -> bytes);
    }

    /** Takes names away until the engine refuses it, which it does where a container has come to use the image. */
    private CompletionStage<Set<String>> untag(ClientRequest request, List<String> names, ArrayNode deleted) {
        CompletionStage<Set<String>> all = CompletableFuture.completedFuture(new HashSet<>());
        for (String name : names) {
            all = all.thenCompose(gone -> tagRemoval
                    .untag(request, name, new Query())
                    .thenApply(response -> {
                        if (response.ok()) {
                            response.json().forEach(each -> gone.add(ApiJson.text(each, "Deleted")));
                            tagRemoval.report(response.json(), deleted);
                        }
                        return gone;
                    }));
        }
        return all;
    }

    /** Of an image the engine deletes the layers from the top; those that others have, too, stay. */
    private static long reclaimed(JsonNode history, Set<String> deleted) {
        Set<String> layers = new HashSet<>(deleted);
        layers.remove("");
        history.forEach(step -> layers.remove(ApiJson.text(step, "Id")));
        int left = layers.size();
        long bytes = 0;
        for (JsonNode step : history) {
            long size = step.path("Size").asLong();
            if (size > 0 && left-- > 0) {
                bytes += size;
            }
        }
        return bytes;
    }
}
