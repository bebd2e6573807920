package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.image.ImageTags.Pending;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.PolicyGate;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.stream.Gunzip;
import io.dockerworkflow.dood.gateway.stream.TarRewriter;
import io.dockerworkflow.dood.policy.RequestKind;
import io.dockerworkflow.internal.children.Labels;
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
public final class ImageImportRoutes {
    private static final String LOADED_ID = "Loaded image ID: ";

    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageLookup lookup;
    private final ImageTags tags;

    public ImageImportRoutes(GatewayContext gateway, Resolver resolver, ImageLookup lookup, ImageTags tags) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.lookup = lookup;
        this.tags = tags;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/commit", this::commit),
                Route.of("POST", "/images/load", this::load),
                Route.of(
                        "GET",
                        "/images/get",
                        request -> save(request, request.query().all("names"))),
                Route.of("GET", "/images/{name}/get", request -> save(request, List.of(request.variable()))));
    }

    /** {@code POST /images/create} with {@code fromSrc}. */
    CompletionStage<ClientResponse> create(ClientRequest request) {
        PolicyGate.allowed(gateway.gate().policy().imageImport(request.query().all("changes")));
        String repository = request.query().get("repo");
        String tag = request.query().get("tag");
        Query query = request.query().copy();
        tags.labelInstructions().forEach(label -> query.add("changes", label));
        List<Pending> pending = name(query, repository, tag);
        return CompletableFuture.completedFuture(request.forward("/images/create", query)
                .with(new ClientResponse.Filter.Lines(
                        line -> List.of(gateway.messages().progress(line)), () -> tags.settle(request, pending))));
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

    private CompletionStage<ClientResponse> commit(ClientRequest request) {
        List<String> changes = request.query().all("changes");
        return gateway.gate()
                .body(
                        request,
                        RequestKind.COMMIT,
                        body -> gateway.gate().policy().commit(body, changes))
                .thenCombine(resolver.container(request, request.query().get("container")), (body, container) -> {
                    Query query = request.query().copy().set("container", container.address());
                    tags.labelInstructions().forEach(label -> query.add("changes", label));
                    query.add("changes", ImageTags.labelInstruction(Labels.COMMITTED, container.id()));
                    List<Pending> pending = name(
                            query, request.query().get("repo"), request.query().get("tag"));
                    return request.ask(HttpMethod.POST, "/commit", query, body)
                            .whenComplete((response, failure) ->
                                    pending.forEach(tag -> tag.settle(response != null && response.ok())))
                            .<ClientResponse>thenApply(ClientResponse::passed);
                })
                .thenCompose(reply -> reply);
    }

    /** The tags are in the archive, and would be made on the host: they are changed on the way in. */
    private CompletionStage<ClientResponse> load(ClientRequest request) {
        return ImageApi.all(request).thenApply(before -> {
            List<Pending> pending = new CopyOnWriteArrayList<>();
            Set<String> nameless = ConcurrentHashMap.newKeySet();
            ImageArchive archive = new ImageArchive(reference -> {
                Pending tag = tags.announce(reference);
                pending.add(tag);
                return tag.engineReference();
            });
            return request.forward("/images/load", request.query())
                    .through(new Gunzip(new TarRewriter(archive::editor)))
                    .with(new ClientResponse.Filter.Lines(
                            line -> List.of(loaded(line, nameless)),
                            () -> tags.settle(request, pending)
                                    .thenCompose(any -> lease(request, pending, nameless, before))));
        });
    }

    private ObjectNode loaded(ObjectNode line, Set<String> nameless) {
        String said = ApiJson.text(line, "stream");
        if (said.startsWith(LOADED_ID)) {
            String id = said.substring(LOADED_ID.length()).strip();
            gateway.visible().adopt(id);
            nameless.add(id);
        }
        return gateway.messages().progress(line);
    }

    /** What was loaded has the labels that it came with, and its name may be given to another image. */
    private CompletionStage<Boolean> lease(
            ClientRequest request, List<Pending> named, Set<String> nameless, ImageApi.Listing before) {
        CompletionStage<Set<String>> ids = CompletableFuture.completedFuture(new LinkedHashSet<>(nameless));
        for (Pending tag : named) {
            ids = ids.thenCombine(ImageApi.idOf(request, tag.engineReference()), (all, id) -> {
                id.ifPresent(all::add);
                return all;
            });
        }
        return ids.thenCompose(loaded -> {
            CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
            for (String id : loaded) {
                if (!before.isNameless(id)) {
                    all = all.thenCompose(any -> ImageLeases.lease(gateway, request, id));
                }
            }
            return all;
        });
    }

    private CompletionStage<ClientResponse> save(ClientRequest request, List<String> given) {
        List<String> names = new ArrayList<>();
        // One parameter may hold several names.
        given.forEach(value -> names.addAll(List.of(value.split(","))));
        CompletionStage<List<String>> found = CompletableFuture.completedFuture(new ArrayList<>());
        for (String name : names) {
            found = found.thenCombine(toSave(request, name), (list, reference) -> {
                list.add(reference);
                return list;
            });
        }
        return found.thenApply(references -> {
            Query query = request.query().copy().remove("names");
            references.forEach(reference -> query.add("names", reference));
            ImageArchive archive = new ImageArchive(gateway.images()::toLogical);
            return request.forward("/images/get", query)
                    .with(new ClientResponse.Filter.Bytes(new TarRewriter(archive::editor)));
        });
    }

    /** An archive has no digests among its names, and has no name for what is saved by one. */
    private CompletionStage<String> toSave(ClientRequest request, String name) {
        return name.contains("@") && gateway.images().isOwn(name)
                ? lookup.inspect(request, name).thenApply(image -> ApiJson.text(image, "Id"))
                : lookup.engineReferencePinned(request, name);
    }
}
