package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.spi.Labels;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Images that are there: the session's own tags, and the host's to read. */
final class ImageRoutes {
    private final ImageView view;
    private final ImageLookup lookup;
    private final ImageTags tags;

    ImageRoutes(ImageView view, ImageLookup lookup, ImageTags tags) {
        this.view = view;
        this.lookup = lookup;
        this.tags = tags;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/images/json", this::list),
                Route.of("GET", "/images/search", call -> done(call.forward("/images/search", call.query()))),
                Route.of("GET", "/images/{name}/json", this::inspect),
                Route.of("GET", "/images/{name}/history", this::history),
                Route.of("GET", "/distribution/{name}/json", this::distribution),
                Route.of("POST", "/images/{name}/tag", this::tag));
    }

    private CompletionStage<Reply> list(Call call) {
        Filters filters = Filters.of(call.query());
        Set<String> references = new LinkedHashSet<>(filters.remove("reference"));
        Predicate<ObjectNode> named = named(filters);
        Query query = call.query().copy();
        boolean all = query.flag("all");
        // Before API 1.25 a parameter of its own.
        query.first("filter").filter(text -> !text.isEmpty()).ifPresent(references::add);
        query.remove("filter");
        return resolve(call, filters, "before")
                .thenCompose(ignored -> resolve(call, filters, "since"))
                .thenApply(ignored -> call.forward("/images/json", query.set("filters", filters.encode()))
                        .with(Reply.documentOf(answer -> {
                            ArrayNode out = Json.array();
                            for (JsonNode each : answer) {
                                if (each instanceof ObjectNode image && (all || !view.isStep(image))) {
                                    view.summary(image)
                                            .filter(named)
                                            .filter(seen -> References.keepMatching(seen, references))
                                            .map(seen ->
                                                    call.version().atLeast(1, 43) ? seen : ImageView.withoutName(seen))
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
            return ImageView::isDangling;
        }
        if (dangling.equals(Set.of("false")) || dangling.equals(Set.of("0"))) {
            filters.remove("dangling");
            return image -> !ImageView.isDangling(image) || ImageView.hasDigest(image);
        }
        return any -> true;
    }

    private CompletionStage<?> resolve(Call call, Filters filters, String name) {
        CompletionStage<?> all = CompletableFuture.completedFuture(filters);
        for (String reference : filters.remove(name)) {
            all = all.thenCompose(ignored -> lookup.engineReference(call, reference))
                    .thenAccept(engine -> filters.add(name, engine));
        }
        return all;
    }

    private CompletionStage<Reply> inspect(Call call) {
        return lookup.engineReference(call, call.variable())
                .thenApply(name -> call.forward("/images/" + Percent.encodePath(name) + "/json", call.query())
                        .with(Reply.document(image ->
                                view.image(image).orElseThrow(() -> ImageLookup.noSuchImage(call.variable())))));
    }

    private CompletionStage<Reply> history(Call call) {
        return lookup.engineReference(call, call.variable())
                .thenApply(name -> call.forward("/images/" + Percent.encodePath(name) + "/history", call.query())
                        .with(Reply.documentOf(this::logicalHistory)));
    }

    /** Without the layers that hold nothing but the session's labels. */
    private JsonNode logicalHistory(JsonNode history) {
        ArrayNode out = Json.array();
        for (JsonNode layer : history) {
            if (layer.get("Tags") instanceof ArrayNode array) {
                List<String> tags = new ArrayList<>();
                array.forEach(tag -> view.tag(tag.asText(""))
                        .filter(name -> !name.contains("@"))
                        .ifPresent(tags::add));
                array.removeAll();
                tags.forEach(array::add);
            }
            boolean ours = Json.text(layer, "CreatedBy").contains("LABEL " + Labels.PREFIX);
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
    private CompletionStage<Reply> distribution(Call call) {
        return done(call.forward("/distribution/" + Percent.encodePath(call.variable()) + "/json", call.query()));
    }

    private CompletionStage<Reply> tag(Call call) {
        String repository = call.query().get("repo");
        String tag = call.query().get("tag");
        return lookup.engineReference(call, call.variable())
                .thenCompose(image -> tags.tag(call, image, tag.isEmpty() ? repository : repository + ":" + tag))
                .thenApply(Reply::passed);
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
