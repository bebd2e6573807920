package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.policy.Body;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Containers but for their creation and for what runs in them. */
final class ContainerRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageLookup images;
    private final ContainerView view;

    ContainerRoutes(GatewayContext gateway, Resolver resolver, ImageLookup images, ContainerView view) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.images = images;
        this.view = view;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of("GET", "/containers/json", this::list));
        routes.add(Route.of("POST", "/containers/prune", this::prune));
        routes.add(Route.of("GET", "/containers/{name}/json", this::inspect));
        for (String method : List.of("HEAD", "GET", "PUT")) {
            routes.add(Route.of(method, "/containers/{name}/archive", call -> byId(call, "/archive")));
        }
        for (String part : List.of("/export", "/changes", "/top", "/logs")) {
            routes.add(Route.of("GET", "/containers/{name}" + part, call -> byId(call, part)));
        }
        routes.add(Route.of("GET", "/containers/{name}/stats", this::stats));
        routes.add(Route.of("GET", "/containers/{name}/attach/ws", this::attach));
        routes.add(Route.of("POST", "/containers/{name}/attach", this::attach));
        for (String part : List.of("/stop", "/kill", "/pause", "/unpause", "/wait", "/resize")) {
            routes.add(Route.of("POST", "/containers/{name}" + part, call -> byId(call, part)));
        }
        for (String part : List.of("/start", "/restart")) {
            routes.add(Route.of("POST", "/containers/{name}" + part, call -> start(call, part)));
        }
        routes.add(Route.of("POST", "/containers/{name}/update", this::update));
        routes.add(Route.of("DELETE", "/containers/{name}", this::remove));
        return routes;
    }

    private CompletionStage<Reply> byId(Call call, String part) {
        return resolver.container(call, call.variable())
                .thenApply(entry -> call.forward("/containers/" + entry.address() + part, call.query()));
    }

    private CompletionStage<Reply> start(Call call, String part) {
        // A host configuration in the body, which engines up to API 1.23 took, is not passed on.
        return gateway.gate()
                .ask(call, gateway.gate().policy()::containerStart)
                .thenCompose(refusal -> {
                    refusal.ifPresent(why -> {
                        throw ApiException.refused(why.message());
                    });
                    return resolver.container(call, call.variable());
                })
                .thenApply(entry -> call.forwardWithoutBody("/containers/" + entry.address() + part, call.query()));
    }

    private CompletionStage<Reply> attach(Call call) {
        String part = call.path().endsWith("/ws") ? "/attach/ws" : "/attach";
        return resolver.container(call, call.variable())
                .thenApply(entry -> call.hijack(call.forward("/containers/" + entry.address() + part, call.query())));
    }

    private CompletionStage<Reply> stats(Call call) {
        return resolver.container(call, call.variable())
                .thenApply(entry -> call.forward("/containers/" + entry.address() + "/stats", call.query())
                        .with(new Reply.Filter.Lines(frame -> List.of(view.stats(frame)))));
    }

    private CompletionStage<Reply> update(Call call) {
        return resolver.container(call, call.variable())
                .thenCombine(
                        gateway.gate()
                                .body(
                                        call,
                                        Body.CONTAINER_UPDATE,
                                        gateway.gate().policy()::containerUpdate),
                        (entry, body) ->
                                call.forward("/containers/" + entry.address() + "/update", call.query(), body));
    }

    private CompletionStage<Reply> inspect(Call call) {
        return resolver.container(call, call.variable())
                .thenApply(entry -> call.forward("/containers/" + entry.address() + "/json", call.query())
                        .with(Reply.document(view::container).asSteady()));
    }

    private CompletionStage<Reply> list(Call call) {
        Filters filters = Filters.of(call.query());
        Set<String> names = filters.remove("name");
        Query query = call.query().copy();
        int limit = number(query.get("limit"), 0);
        if (!names.isEmpty() && limit > 0) {
            // The engine would count containers that are then filtered out. A limit also means "in any state".
            query.remove("limit").set("all", "1");
        }
        filters.map("network", resolver::networkToken);
        filters.map("volume", value -> value.startsWith("/") ? value : resolver.volumeToken(value));
        filters.map("ancestor", images::filterToken);
        filters.add("label", gateway.label());
        return resolve(call, filters, "before")
                .thenCompose(ignored -> resolve(call, filters, "since"))
                .thenApply(ignored -> {
                    query.set("filters", filters.encode());
                    return call.forward("/containers/json", query)
                            .with(Reply.documentOf(node -> summaries(node, names, limit))
                                    .asSteady());
                });
    }

    private CompletionStage<?> resolve(Call call, Filters filters, String name) {
        if (!filters.has(name)) {
            return CompletableFuture.completedFuture(filters);
        }
        String reference = filters.remove(name).iterator().next();
        return resolver.container(call, reference).thenAccept(entry -> filters.add(name, entry.id()));
    }

    private JsonNode summaries(JsonNode answer, Set<String> names, int limit) {
        ArrayNode out = Json.array();
        for (JsonNode each : answer) {
            if (!(each instanceof ObjectNode summary) || !resolver.isMine(summary)) {
                continue;
            }
            for (JsonNode name : summary.path("Names")) {
                if (name.asText("").lastIndexOf('/') == 0) {
                    resolver.learnContainer(Json.text(summary, "Id"), name.asText(""));
                }
            }
            ObjectNode logical = view.summary(summary);
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

    private CompletionStage<Reply> remove(Call call) {
        if (call.query().flag("link")) {
            return removeLink(call);
        }
        return resolver.container(call, call.variable())
                .thenCompose(entry -> call.ask(HttpMethod.DELETE, "/containers/" + entry.address(), call.query())
                        .thenApply(answer -> {
                            if (answer.ok() || answer.status() == 404) {
                                gateway.departures().container(entry.id());
                            }
                            return Reply.passed(answer);
                        }));
    }

    /** {@code parent/alias}: removes the alias, not the container. */
    private CompletionStage<Reply> removeLink(Call call) {
        String path = call.variable().replaceFirst("^/", "");
        int slash = path.indexOf('/');
        if (slash < 0) {
            throw ApiException.badRequest("Conflict, cannot remove the default name of the container");
        }
        return resolver.container(call, path.substring(0, slash))
                .thenApply(entry -> call.forward(
                        "/containers/" + Percent.encodePath(entry.engineName() + path.substring(slash)), call.query()));
    }

    private CompletionStage<Reply> prune(Call call) {
        Filters filters = Filters.of(call.query());
        filters.add("label", gateway.label());
        Query query = call.query().copy().set("filters", filters.encode());
        Filters labelled = new Filters().add("label", gateway.label());
        List.of("created", "exited", "dead").forEach(state -> labelled.add("status", state));
        Query all = new Query().set("all", "1").set("filters", labelled.encode());
        return call.ask(HttpMethod.GET, "/containers/json", all).thenCompose(stopped -> {
            for (JsonNode each : stopped.orThrow().json()) {
                if (!resolver.isMine(each)) {
                    throw new ApiException(
                            409,
                            "conflict: a stopped container of the host's was made of an image that this session has built,"
                                    + " and a prune would take it, too; remove the session's containers by name");
                }
            }
            return OneAtATime.prune(call, "/containers/prune", query, answer -> {
                answer.path("ContainersDeleted")
                        .forEach(id -> gateway.departures().container(id.asText("")));
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
