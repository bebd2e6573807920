package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.internal.children.Labels;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Images that are there: the session's own tags, and the host's to read. */
public final class ImageRoutes {
    private final ImageRewriter rewriter;
    private final ImageLookup lookup;
    private final ImageTags tags;

    public ImageRoutes(ImageRewriter rewriter, ImageLookup lookup, ImageTags tags) {
        this.rewriter = rewriter;
        this.lookup = lookup;
        this.tags = tags;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/images/json", this::list),
                Route.of("GET", "/images/search", request -> done(request.forward("/images/search", request.query()))),
                Route.of("GET", "/images/{name}/json", this::inspect),
                Route.of("GET", "/images/{name}/history", this::history),
                Route.of("GET", "/distribution/{name}/json", this::distribution),
                Route.of("POST", "/images/{name}/tag", this::tag));
    }

    private CompletionStage<ClientResponse> list(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        Set<String> references = new LinkedHashSet<>(filters.remove("reference"));
        Predicate<ObjectNode> named = named(filters);
        Query query = request.query().copy();
        boolean all = query.flag("all");
        // Before API 1.25 a parameter of its own.
        query.first("filter").filter(text -> !text.isEmpty()).ifPresent(references::add);
        query.remove("filter");
        return resolve(request, filters, "before")
                .thenCompose(ignored -> resolve(request, filters, "since"))
                .thenApply(ignored -> request.forward("/images/json", query.set("filters", filters.encode()))
                        .with(ClientResponse.documentOf(answer -> {
                            ArrayNode out = ApiJson.array();
                            for (JsonNode each : answer) {
                                if (each instanceof ObjectNode image && (all || !rewriter.isStep(image))) {
                                    rewriter.summary(image)
                                            .filter(named)
                                            .filter(seen -> ReferenceFilter.keepMatching(seen, references))
                                            .map(seen -> request.version().atLeast(1, 43)
                                                    ? seen
                                                    : ImageRewriter.withoutName(seen))
                                            .ifPresent(out::add);
                                }
                            }
                            return out;
                        })));
    }

    /** Of what has names, some the client does not see: to it that is dangling. What is no right value, the engine says. */
    private static Predicate<ObjectNode> named(Filters filters) {
        Set<String> dangling = filters.get("dangling");
        if (dangling.equals(Set.of("true")) || dangling.equals(Set.of("1"))) {
            filters.remove("dangling");
            return ImageRewriter::isDangling;
        }
        if (dangling.equals(Set.of("false")) || dangling.equals(Set.of("0"))) {
            filters.remove("dangling");
            return image -> !ImageRewriter.isDangling(image) || ImageRewriter.hasDigest(image);
        }
        return any -> true;
    }

    private CompletionStage<?> resolve(ClientRequest request, Filters filters, String name) {
        CompletionStage<?> all = CompletableFuture.completedFuture(filters);
        for (String reference : filters.remove(name)) {
            all = all.thenCompose(ignored -> lookup.engineReference(request, reference))
                    .thenAccept(engine -> filters.add(name, engine));
        }
        return all;
    }

    private CompletionStage<ClientResponse> inspect(ClientRequest request) {
        return lookup.engineReference(request, request.variable())
                .thenApply(name -> request.forward(
                                "/images/" + PercentEncoding.encodePath(name) + "/json", request.query())
                        .with(ClientResponse.document(image ->
                                rewriter.image(image).orElseThrow(() -> ImageLookup.noSuchImage(request.variable())))));
    }

    private CompletionStage<ClientResponse> history(ClientRequest request) {
        return lookup.engineReference(request, request.variable())
                .thenApply(name -> request.forward(
                                "/images/" + PercentEncoding.encodePath(name) + "/history", request.query())
                        .with(ClientResponse.documentOf(this::logicalHistory)));
    }

    /** Without the layers that hold nothing but the session's labels. */
    private JsonNode logicalHistory(JsonNode history) {
        ArrayNode out = ApiJson.array();
        for (JsonNode layer : history) {
            if (layer.get("Tags") instanceof ArrayNode array) {
                List<String> tags = new ArrayList<>();
                array.forEach(tag -> rewriter.tag(tag.asText(""))
                        .filter(name -> !name.contains("@"))
                        .ifPresent(tags::add));
                array.removeAll();
                tags.forEach(array::add);
            }
            boolean ours = ApiJson.text(layer, "CreatedBy").contains("LABEL " + Labels.PREFIX);
            boolean top = out.isEmpty()
                    || layer.path("Tags").isArray() && !layer.path("Tags").isEmpty();
            if (ours && top && layer instanceof ObjectNode named) {
                named.put("CreatedBy", "");
            }
            if (!ours || top) {
                out.add(layer);
            }
        }
        return out;
    }

    /** Asks the registry, so always by the name that the registry knows. */
    private CompletionStage<ClientResponse> distribution(ClientRequest request) {
        return done(request.forward(
                "/distribution/" + PercentEncoding.encodePath(request.variable()) + "/json", request.query()));
    }

    private CompletionStage<ClientResponse> tag(ClientRequest request) {
        String repository = request.query().get("repo");
        String tag = request.query().get("tag");
        return lookup.engineReference(request, request.variable())
                .thenCompose(image -> tags.tag(request, image, tag.isEmpty() ? repository : repository + ":" + tag))
                .thenApply(ClientResponse::passed);
    }

    private static CompletionStage<ClientResponse> done(ClientResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
