package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.spi.Labels;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Images that are there: the session's own tags, and the host's to read. */
final class ImageRoutes {
    private final GatewayContext gateway;
    private final ImageView view;
    private final ImageLookup lookup;
    private final ImageTags tags;

    ImageRoutes(GatewayContext gateway, ImageView view, ImageLookup lookup, ImageTags tags) {
        this.gateway = gateway;
        this.view = view;
        this.lookup = lookup;
        this.tags = tags;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/images/json", this::list),
                Route.of("GET", "/images/search", call -> done(call.forward("/images/search", call.query()))),
                Route.of("POST", "/images/prune", this::prune),
                Route.of("GET", "/images/{name}/json", this::inspect),
                Route.of("GET", "/images/{name}/history", this::history),
                Route.of("GET", "/distribution/{name}/json", this::distribution),
                Route.of("POST", "/images/{name}/tag", this::tag),
                Route.of("DELETE", "/images/{name}", this::remove));
    }

    private CompletionStage<Reply> list(Call call) {
        Filters filters = Filters.of(call.query());
        Set<String> references = new LinkedHashSet<>(filters.remove("reference"));
        Query query = call.query().copy();
        // Before API 1.25 a parameter of its own.
        query.first("filter").filter(text -> !text.isEmpty()).ifPresent(references::add);
        query.remove("filter");
        return resolve(call, filters, "before")
                .thenCompose(ignored -> resolve(call, filters, "since"))
                .thenApply(ignored -> call.forward("/images/json", query.set("filters", filters.encode()))
                        .with(Reply.documentOf(answer -> {
                            ArrayNode out = Json.array();
                            for (JsonNode each : answer) {
                                if (each instanceof ObjectNode image) {
                                    view.summary(image)
                                            .filter(seen -> References.keepMatching(seen, references))
                                            .ifPresent(out::add);
                                }
                            }
                            return out;
                        })));
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

    private CompletionStage<Reply> remove(Call call) {
        String reference = call.variable();
        if (gateway.images().isOwn(reference)) {
            return lookup.inspect(call, reference)
                    .thenCompose(
                            image -> untag(call, withDigests(gateway.images().toEngine(reference), own(image))))
                    .thenApply(deleted -> Reply.json(200, deleted));
        }
        return lookup.inspect(call, reference).thenCompose(image -> {
            List<String> own = own(image);
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

    /** The session's own names of an image, as the engine has them. */
    private List<String> own(ObjectNode image) {
        List<String> own = new ArrayList<>();
        for (JsonNode tag : image.path("RepoTags")) {
            if (tag.asText("").startsWith(gateway.images().root())) {
                own.add(tag.asText(""));
            }
        }
        return own;
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
            all = all.thenCompose(deleted -> call.ask(
                            HttpMethod.DELETE, "/images/" + Percent.encodePath(reference), query)
                    .thenApply(answer -> {
                        gone(reference, answer);
                        answer.orThrow().json().forEach(each -> deleted.add(logical(each)));
                        return deleted;
                    }));
        }
        return all;
    }

    private void gone(String reference, EngineAnswer answer) {
        if (answer.ok() || answer.status() == 404) {
            gateway.images().forget(reference);
            gateway.births().forget(new Child(Child.Kind.IMAGE, reference));
        }
    }

    /** {@code {"Untagged": NAME}} or {@code {"Deleted": ID}}. */
    private JsonNode logical(JsonNode deletion) {
        if (deletion instanceof ObjectNode object) {
            LogicalView.text(object, "Untagged", gateway.images()::toLogical);
        }
        return deletion;
    }

    private CompletionStage<Reply> prune(Call call) {
        Filters filters = Filters.of(call.query());
        filters.add("label", Labels.SESSION + "=" + gateway.names().session());
        Query query = call.query().copy().set("filters", filters.encode());
        return OneAtATime.prune(call, "/images/prune", query, answer -> {
            for (JsonNode each : answer.path("ImagesDeleted")) {
                Optional.of(Json.text(each, "Untagged"))
                        .filter(tag -> !tag.isEmpty())
                        .ifPresent(tag -> {
                            gateway.images().forget(tag);
                            gateway.births().forget(new Child(Child.Kind.IMAGE, tag));
                        });
                logical(each);
            }
            return answer;
        });
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
