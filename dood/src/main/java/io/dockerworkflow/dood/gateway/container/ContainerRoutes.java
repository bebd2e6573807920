package io.dockerworkflow.dood.gateway.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.image.ImageLookup;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.ExclusiveOperation;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.policy.RequestKind;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Containers but for their creation and for what runs in them. */
public final class ContainerRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageLookup images;
    private final ContainerRewriter rewriter;

    public ContainerRoutes(GatewayContext gateway, Resolver resolver, ImageLookup images, ContainerRewriter rewriter) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.images = images;
        this.rewriter = rewriter;
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of("GET", "/containers/json", this::list));
        routes.add(Route.of("POST", "/containers/prune", this::prune));
        routes.add(Route.of("GET", "/containers/{name}/json", this::inspect));
        for (String method : List.of("HEAD", "GET", "PUT")) {
            routes.add(Route.of(method, "/containers/{name}/archive", request -> byId(request, "/archive")));
        }
        for (String part : List.of("/export", "/changes", "/top", "/logs")) {
            routes.add(Route.of("GET", "/containers/{name}" + part, request -> byId(request, part)));
        }
        routes.add(Route.of("GET", "/containers/{name}/stats", this::stats));
        routes.add(Route.of("GET", "/containers/{name}/attach/ws", this::attach));
        routes.add(Route.of("POST", "/containers/{name}/attach", this::attach));
        for (String part : List.of("/stop", "/kill", "/pause", "/unpause", "/wait", "/resize")) {
            routes.add(Route.of("POST", "/containers/{name}" + part, request -> byId(request, part)));
        }
        for (String part : List.of("/start", "/restart")) {
            routes.add(Route.of("POST", "/containers/{name}" + part, request -> start(request, part)));
        }
        routes.add(Route.of("POST", "/containers/{name}/update", this::update));
        routes.add(Route.of("DELETE", "/containers/{name}", this::remove));
        return routes;
    }

    private CompletionStage<ClientResponse> byId(ClientRequest request, String part) {
        return resolver.container(request, request.variable())
                .thenApply(entry -> request.forward("/containers/" + entry.address() + part, request.query()));
    }

    private CompletionStage<ClientResponse> start(ClientRequest request, String part) {
        // A host configuration in the body, which engines up to API 1.23 took, is not passed on.
        return gateway.gate()
                .ask(request, gateway.gate().policy()::containerStart)
                .thenCompose(refusal -> {
                    refusal.ifPresent(why -> {
                        throw ApiException.refused(why.message());
                    });
                    return resolver.container(request, request.variable());
                })
                .thenApply(
                        entry -> request.forwardWithoutBody("/containers/" + entry.address() + part, request.query()));
    }

    private CompletionStage<ClientResponse> attach(ClientRequest request) {
        String part = request.path().endsWith("/ws") ? "/attach/ws" : "/attach";
        return resolver.container(request, request.variable())
                .thenApply(entry ->
                        request.hijack(request.forward("/containers/" + entry.address() + part, request.query())));
    }

    private CompletionStage<ClientResponse> stats(ClientRequest request) {
        return resolver.container(request, request.variable())
                .thenApply(entry -> request.forward("/containers/" + entry.address() + "/stats", request.query())
                        .with(new ClientResponse.Filter.Lines(frame -> List.of(rewriter.stats(frame)))));
    }

    private CompletionStage<ClientResponse> update(ClientRequest request) {
        return resolver.container(request, request.variable())
                .thenCombine(
                        gateway.gate()
                                .body(
                                        request,
                                        RequestKind.CONTAINER_UPDATE,
                                        gateway.gate().policy()::containerUpdate),
                        (entry, body) ->
                                request.forward("/containers/" + entry.address() + "/update", request.query(), body));
    }

    private CompletionStage<ClientResponse> inspect(ClientRequest request) {
        return resolver.container(request, request.variable())
                .thenApply(entry -> request.forward("/containers/" + entry.address() + "/json", request.query())
                        .with(ClientResponse.document(rewriter::container).asSteady()));
    }

    private CompletionStage<ClientResponse> list(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        Set<String> names = filters.remove("name");
        Query query = request.query().copy();
        int limit = number(query.get("limit"), 0);
        if (!names.isEmpty() && limit > 0) {
            // The engine would count containers that are then filtered out. A limit also means "in any state".
            query.remove("limit").set("all", "1");
        }
        filters.map("network", resolver::networkToken);
        filters.map("volume", value -> value.startsWith("/") ? value : resolver.volumeToken(value));
        filters.map("ancestor", images::filterToken);
        filters.add("label", gateway.label());
        return resolve(request, filters, "before")
                .thenCompose(ignored -> resolve(request, filters, "since"))
                .thenApply(ignored -> {
                    query.set("filters", filters.encode());
                    return request.forward("/containers/json", query)
                            .with(ClientResponse.documentOf(node -> summaries(node, names, limit))
                                    .asSteady());
                });
    }

    private CompletionStage<?> resolve(ClientRequest request, Filters filters, String name) {
        if (!filters.has(name)) {
            return CompletableFuture.completedFuture(filters);
        }
        String reference = filters.remove(name).iterator().next();
        return resolver.container(request, reference).thenAccept(entry -> filters.add(name, entry.id()));
    }

    private JsonNode summaries(JsonNode answer, Set<String> names, int limit) {
        ArrayNode out = ApiJson.array();
        for (JsonNode each : answer) {
            if (!(each instanceof ObjectNode summary) || !resolver.isMine(summary)) {
                continue;
            }
            for (JsonNode name : summary.path("Names")) {
                if (name.asText("").lastIndexOf('/') == 0) {
                    resolver.learnContainer(ApiJson.text(summary, "Id"), name.asText(""));
                }
            }
            ObjectNode logical = rewriter.summary(summary);
            if ((names.isEmpty() || Filters.matches(names, candidates(logical)))
                    && (limit <= 0 || out.size() < limit)) {
                out.add(logical);
            }
        }
        return out;
    }

    /** The daemon looks at a container's own name, with and without its slash, not at those by which it is linked. */
    private static List<String> candidates(ObjectNode summary) {
        List<String> candidates = new ArrayList<>();
        for (JsonNode each : summary.path("Names")) {
            String name = each.asText("");
            if (name.lastIndexOf('/') == 0) {
                candidates.add(name);
                candidates.add(name.substring(1));
            }
        }
        return candidates;
    }

    private CompletionStage<ClientResponse> remove(ClientRequest request) {
        if (request.query().flag("link")) {
            return removeLink(request);
        }
        return resolver.container(request, request.variable())
                .thenCompose(entry -> request.ask(HttpMethod.DELETE, "/containers/" + entry.address(), request.query())
                        .thenApply(response -> {
                            if (response.ok() || response.status() == 404) {
                                gateway.removedChildren().container(entry.id());
                            }
                            return ClientResponse.passed(response);
                        }));
    }

    /** {@code parent/alias}: removes the alias, not the container. */
    private CompletionStage<ClientResponse> removeLink(ClientRequest request) {
        String path = request.variable().replaceFirst("^/", "");
        int slash = path.indexOf('/');
        if (slash < 0) {
            throw ApiException.badRequest("Conflict, cannot remove the default name of the container");
        }
        return resolver.container(request, path.substring(0, slash))
                .thenApply(entry -> request.forward(
                        "/containers/" + PercentEncoding.encodePath(entry.engineName() + path.substring(slash)),
                        request.query()));
    }

    private CompletionStage<ClientResponse> prune(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        filters.add("label", gateway.label());
        Query query = request.query().copy().set("filters", filters.encode());
        Filters labelled = new Filters().add("label", gateway.label());
        List.of("created", "exited", "dead").forEach(state -> labelled.add("status", state));
        Query all = new Query().set("all", "1").set("filters", labelled.encode());
        return request.ask(HttpMethod.GET, "/containers/json", all).thenCompose(stopped -> {
            for (JsonNode each : stopped.orThrow().json()) {
                if (!resolver.isMine(each)) {
                    throw new ApiException(
                            409,
                            "conflict: a stopped container of the host's was made of an image that this session has built,"
                                    + " and a prune would take it, too; remove the session's containers by name");
                }
            }
            return ExclusiveOperation.prune(request, "/containers/prune", query, answer -> {
                answer.path("ContainersDeleted")
                        .forEach(id -> gateway.removedChildren().container(id.asText("")));
                return answer;
            });
        });
    }

    static int number(String text, int otherwise) {
        try {
            return text.isEmpty() ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
    }
}
