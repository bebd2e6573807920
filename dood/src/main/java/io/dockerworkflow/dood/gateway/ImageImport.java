package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.ImageTags.Pending;
import io.dockerworkflow.dood.policy.Body;
import io.dockerworkflow.spi.Labels;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Images that are made of something else than a Dockerfile: imports, commits, and archives to load and save. */
final class ImageImport {
    private static final String LOADED_ID = "Loaded image ID: ";

    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageLookup lookup;
    private final ImageTags tags;

    ImageImport(GatewayContext gateway, Resolver resolver, ImageLookup lookup, ImageTags tags) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.lookup = lookup;
        this.tags = tags;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/commit", this::commit),
                Route.of("POST", "/images/load", this::load),
                Route.of("GET", "/images/get", call -> save(call, call.query().all("names"))),
                Route.of("GET", "/images/{name}/get", call -> save(call, List.of(call.variable()))));
    }

    /** {@code POST /images/create} with {@code fromSrc}. */
    CompletionStage<Reply> create(Call call) {
        PolicyGate.allowed(gateway.gate().policy().imageImport(call.query().all("changes")));
        String repository = call.query().get("repo");
        String tag = call.query().get("tag");
        Query query = call.query().copy();
        tags.labelInstructions().forEach(label -> query.add("changes", label));
        List<Pending> pending = name(query, repository, tag);
        return CompletableFuture.completedFuture(call.forward("/images/create", query)
                .with(new Reply.Filter.Lines(
                        line -> List.of(gateway.errors().progress(line)), () -> tags.settle(call, pending))));
    }

    /** Puts the engine's name of the new image into the query. */
    private List<Pending> name(Query query, String repository, String tag) {
        if (repository.isEmpty()) {
            return List.of();
        }
        Pending pending = tags.announce(tag.isEmpty() ? repository : repository + ":" + tag);
        query.set("repo", pending.repository()).set("tag", pending.tag());
        return List.of(pending);
    }

    private CompletionStage<Reply> commit(Call call) {
        List<String> changes = call.query().all("changes");
        return gateway.gate()
                .body(call, Body.COMMIT, body -> gateway.gate().policy().commit(body, changes))
                .thenCombine(resolver.container(call, call.query().get("container")), (body, container) -> {
                    Query query = call.query().copy().set("container", container.address());
                    tags.labelInstructions().forEach(label -> query.add("changes", label));
                    query.add("changes", ImageTags.labelInstruction(Labels.COMMITTED, container.id()));
                    List<Pending> pending =
                            name(query, call.query().get("repo"), call.query().get("tag"));
                    return call.ask(HttpMethod.POST, "/commit", query, body)
                            .whenComplete((answer, failure) ->
                                    pending.forEach(tag -> tag.settle(answer != null && answer.ok())))
                            .<Reply>thenApply(Reply::passed);
                })
                .thenCompose(reply -> reply);
    }

    /** The tags are in the archive, and would be made on the host: they are changed on the way in. */
    private CompletionStage<Reply> load(Call call) {
        return EngineImages.all(call).thenApply(before -> {
            List<Pending> pending = new CopyOnWriteArrayList<>();
            Set<String> nameless = ConcurrentHashMap.newKeySet();
            ImageArchive archive = new ImageArchive(reference -> {
                Pending tag = tags.announce(reference);
                pending.add(tag);
                return tag.engineReference();
            });
            return call.forward("/images/load", call.query())
                    .through(new Gunzip(new TarRewriter(archive::editor)))
                    .with(new Reply.Filter.Lines(
                            line -> List.of(loaded(line, nameless)),
                            () -> tags.settle(call, pending)
                                    .thenCompose(any -> hold(call, pending, nameless, before))));
        });
    }

    private ObjectNode loaded(ObjectNode line, Set<String> nameless) {
        String said = Json.text(line, "stream");
        if (said.startsWith(LOADED_ID)) {
            String id = said.substring(LOADED_ID.length()).strip();
            gateway.visible().adopt(id);
            nameless.add(id);
        }
        return gateway.errors().progress(line);
    }

    /** What was loaded has the labels that it came with, and its name may be given to another image. */
    private CompletionStage<Boolean> hold(
            Call call, List<Pending> named, Set<String> nameless, EngineImages.Listing before) {
        CompletionStage<Set<String>> ids = CompletableFuture.completedFuture(new LinkedHashSet<>(nameless));
        for (Pending tag : named) {
            ids = ids.thenCombine(EngineImages.idOf(call, tag.engineReference()), (all, id) -> {
                id.ifPresent(all::add);
                return all;
            });
        }
        return ids.thenCompose(loaded -> {
            CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
            for (String id : loaded) {
                if (!before.isNameless(id)) {
                    all = all.thenCompose(any -> HeldImages.hold(gateway, call, id));
                }
            }
            return all;
        });
    }

    private CompletionStage<Reply> save(Call call, List<String> given) {
        List<String> names = new ArrayList<>();
        // One parameter may hold several names.
        given.forEach(value -> names.addAll(List.of(value.split(","))));
        CompletionStage<List<String>> found = CompletableFuture.completedFuture(new ArrayList<>());
        for (String name : names) {
            found = found.thenCombine(toSave(call, name), (list, reference) -> {
                list.add(reference);
                return list;
            });
        }
        return found.thenApply(references -> {
            Query query = call.query().copy().remove("names");
            references.forEach(reference -> query.add("names", reference));
            ImageArchive archive = new ImageArchive(gateway.images()::toLogical);
            return call.forward("/images/get", query).with(new Reply.Filter.Bytes(new TarRewriter(archive::editor)));
        });
    }

    /** An archive has no digests among its names, and has no name for what is saved by one. */
    private CompletionStage<String> toSave(Call call, String name) {
        return name.contains("@") && gateway.images().isOwn(name)
                ? lookup.inspect(call, name).thenApply(image -> Json.text(image, "Id"))
                : lookup.engineReferencePinned(call, name);
    }
}
