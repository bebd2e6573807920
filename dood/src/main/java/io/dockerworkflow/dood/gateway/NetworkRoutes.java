package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dockerworkflow.dood.gateway.NamedObjects.Entry;
import io.dockerworkflow.dood.policy.Body;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Networks: the session's own, and the engine's predefined ones without the containers of others. */
final class NetworkRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final NetworkRewriter rewriter;
    private final CallerMembership caller;
    private final NetworkCreation creation;

    NetworkRoutes(GatewayContext gateway, Resolver resolver) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.rewriter = new NetworkRewriter(gateway.names());
        this.caller = new CallerMembership(gateway);
        this.creation = new NetworkCreation(gateway, resolver, caller);
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/networks", this::list),
                Route.of("GET", "/networks/", this::list),
                Route.of("GET", "/networks/{id}", this::inspect),
                Route.of("POST", "/networks/create", creation::create),
                Route.of("POST", "/networks/prune", this::prune),
                Route.of("POST", "/networks/{id}/connect", this::connect),
                Route.of("POST", "/networks/{id}/disconnect", this::disconnect),
                Route.of("DELETE", "/networks/{id}", this::remove));
    }

    private CompletionStage<Reply> list(Call call) {
        Filters filters = Filters.of(call.query());
        Set<String> names = filters.remove("name");
        Query query = call.query().copy().set("filters", filters.encode());
        return CompletableFuture.completedFuture(call.forward("/networks", query)
                .with(Reply.documentOf(answer -> {
                    ArrayNode mine = Json.array();
                    for (JsonNode each : answer) {
                        if (each instanceof ObjectNode network && isVisible(network)) {
                            ObjectNode logical = rewriter.rewrite(network);
                            if (Filters.matches(names, List.of(Json.text(logical, "Name")))) {
                                mine.add(logical);
                            }
                        }
                    }
                    return mine;
                })));
    }

    private boolean isVisible(ObjectNode network) {
        String name = Json.text(network, "Name");
        boolean mine = resolver.isLabelled(network);
        if (mine) {
            resolver.learnNetwork(Json.text(network, "Id"), name);
        }
        return mine || Resolver.isPredefinedNetwork(name);
    }

    private CompletionStage<Reply> inspect(Call call) {
        return resolver.network(call, call.variable())
                .thenApply(
                        entry -> call.forward(path(entry, ""), call.query()).with(Reply.document(rewriter::rewrite)));
    }

    private CompletionStage<Reply> connect(Call call) {
        // Resolved first: the host's network has an id too.
        return resolver.network(call, call.variable())
                .thenCompose(network -> gateway.gate()
                        .body(
                                call,
                                Body.NETWORK_CONNECT,
                                body -> gateway.gate().policy().networkConnect(network.engineName(), body))
                        .thenCompose(body -> resolver.container(call, Json.text(body, "Container"))
                                .thenCompose(container -> connect(call, network, container, body))));
    }

    private CompletionStage<Reply> connect(Call call, Entry network, Entry container, ObjectNode body) {
        body.put("Container", container.address());
        boolean added = false;
        ObjectNode endpoint = Json.child(body, "EndpointConfig");
        if (ContainerBody.isUserDefined(network.engineName())) {
            added = ContainerBody.addAlias(endpoint, container.logicalName());
        }
        boolean alias = added;
        return links(call, endpoint)
                .thenCompose(ignored -> call.ask(HttpMethod.POST, path(network, "/connect"), call.query(), body))
                .thenApply(answer -> {
                    if (answer.ok() && alias) {
                        gateway.index().aliasAdded(container.id(), network.engineName());
                    }
                    return Reply.passed(answer);
                });
    }

    private CompletionStage<Void> links(Call call, ObjectNode endpoint) {
        List<CompletableFuture<?>> pending = new ArrayList<>();
        if (endpoint.get("Links") instanceof ArrayNode links) {
            for (int i = 0; i < links.size(); i++) {
                int index = i;
                String link = links.get(i).asText("");
                int colon = link.indexOf(':');
                String reference = colon < 0 ? link : link.substring(0, colon);
                String rest = colon < 0 ? ":" + reference : link.substring(colon);
                pending.add(resolver.containerToken(call, reference)
                        .thenAccept(token -> links.set(index, TextNode.valueOf(token + rest)))
                        .toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<Reply> disconnect(Call call) {
        return call.bytes().thenCompose(bytes -> {
            ObjectNode body = PolicyGate.parse(Body.NETWORK_DISCONNECT, bytes);
            return resolver.network(call, call.variable())
                    .thenCompose(network -> resolver.container(call, Json.text(body, "Container"))
                            .thenCompose(container -> {
                                body.put("Container", container.address());
                                return call.ask(HttpMethod.POST, path(network, "/disconnect"), call.query(), body)
                                        .thenApply(answer -> {
                                            if (answer.ok()) {
                                                gateway.index().aliasGone(container.id(), network.engineName());
                                            }
                                            return (Reply) Reply.passed(answer);
                                        });
                            }));
        });
    }

    private CompletionStage<Reply> remove(Call call) {
        return resolver.network(call, call.variable()).thenCompose(entry -> {
            if (Resolver.isPredefinedNetwork(entry.engineName())) {
                throw ApiException.forbidden(entry.engineName() + " is a pre-defined network and cannot be removed");
            }
            Supplier<CompletionStage<EngineAnswer>> removal =
                    () -> call.ask(HttpMethod.DELETE, path(entry, ""), call.query());
            return caller.removing(call, entry, removal).thenApply(answer -> {
                if (answer.ok() || answer.status() == 404) {
                    gateway.departures().network(entry.id());
                }
                return Reply.passed(answer);
            });
        });
    }

    private CompletionStage<Reply> prune(Call call) {
        Filters filters = Filters.of(call.query());
        filters.add("label", gateway.label());
        Query query = call.query().copy().set("filters", filters.encode());
        Supplier<CompletionStage<EngineAnswer>> removal = () -> OneAtATime.prune(call, "/networks/prune", query);
        return caller.pruning(call, gateway.index().networks().all(), removal).thenApply(answered -> {
            ObjectNode answer = answered.orThrow().object();
            ArrayNode deleted = Json.array();
            answer.path("NetworksDeleted").forEach(each -> {
                String name = each.asText("");
                Optional<Entry> entry = gateway.index().networks().byEngineName(name);
                entry.ifPresent(gone -> gateway.departures().network(gone.id()));
                deleted.add(gateway.names().logicalName(name).orElse(name));
            });
            if (answer.path("NetworksDeleted").isArray()) {
                answer.set("NetworksDeleted", deleted);
            }
            return Reply.json(200, answer);
        });
    }

    private static String path(Entry network, String part) {
        return "/networks/" + Percent.encodePath(network.address()) + part;
    }
}
