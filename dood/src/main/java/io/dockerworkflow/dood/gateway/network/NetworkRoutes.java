package io.dockerworkflow.dood.gateway.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dockerworkflow.dood.gateway.container.ContainerBody;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.ExclusiveOperation;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.gateway.session.PolicyGate;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.policy.RequestKind;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Networks: the session's own, and the engine's predefined ones without the containers of others. */
public final class NetworkRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final NetworkRewriter rewriter;
    private final CallerNetworks caller;
    private final NetworkCreation creation;

    public NetworkRoutes(GatewayContext gateway, Resolver resolver) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.rewriter = new NetworkRewriter(gateway.names());
        this.caller = new CallerNetworks(gateway);
        this.creation = new NetworkCreation(gateway, resolver, caller);
    }

    public List<Route> routes() {
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

    private CompletionStage<ClientResponse> list(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        Set<String> names = filters.remove("name");
        Query query = request.query().copy().set("filters", filters.encode());
        return CompletableFuture.completedFuture(request.forward("/networks", query)
                .with(ClientResponse.documentOf(answer -> {
                    ArrayNode mine = ApiJson.array();
                    for (JsonNode each : answer) {
                        if (each instanceof ObjectNode network && isVisible(network)) {
                            ObjectNode logical = rewriter.rewrite(network);
                            if (Filters.matches(names, List.of(ApiJson.text(logical, "Name")))) {
                                mine.add(logical);
                            }
                        }
                    }
                    return mine;
                })));
    }

    private boolean isVisible(ObjectNode network) {
        String name = ApiJson.text(network, "Name");
        boolean mine = resolver.isLabelled(network);
        if (mine) {
            resolver.learnNetwork(ApiJson.text(network, "Id"), name);
        }
        return mine || Resolver.isPredefinedNetwork(name);
    }

    private CompletionStage<ClientResponse> inspect(ClientRequest request) {
        return resolver.network(request, request.variable())
                .thenApply(entry -> request.forward(path(entry, ""), request.query())
                        .with(ClientResponse.document(rewriter::rewrite)));
    }

    private CompletionStage<ClientResponse> connect(ClientRequest request) {
        // Resolved first: the host's network has an id too.
        return resolver.network(request, request.variable())
                .thenCompose(network -> gateway.gate()
                        .body(
                                request,
                                RequestKind.NETWORK_CONNECT,
                                body -> gateway.gate().policy().networkConnect(network.engineName(), body))
                        .thenCompose(body -> resolver.container(request, ApiJson.text(body, "Container"))
                                .thenCompose(container -> connect(request, network, container, body))));
    }

    private CompletionStage<ClientResponse> connect(
            ClientRequest request, Entry network, Entry container, ObjectNode body) {
        body.put("Container", container.address());
        boolean added = false;
        ObjectNode endpoint = ApiJson.child(body, "EndpointConfig");
        if (ContainerBody.isUserDefined(network.engineName())) {
            added = ContainerBody.addAlias(endpoint, container.logicalName());
        }
        boolean alias = added;
        return links(request, endpoint)
                .thenCompose(ignored -> request.ask(HttpMethod.POST, path(network, "/connect"), request.query(), body))
                .thenApply(response -> {
                    if (response.ok() && alias) {
                        gateway.index().aliasAdded(container.id(), network.engineName());
                    }
                    return ClientResponse.passed(response);
                });
    }

    private CompletionStage<Void> links(ClientRequest request, ObjectNode endpoint) {
        List<CompletableFuture<?>> pending = new ArrayList<>();
        if (endpoint.get("Links") instanceof ArrayNode links) {
            for (int i = 0; i < links.size(); i++) {
                int index = i;
                String link = links.get(i).asText("");
                int colon = link.indexOf(':');
                String reference = colon < 0 ? link : link.substring(0, colon);
                String rest = colon < 0 ? ":" + reference : link.substring(colon);
                pending.add(resolver.containerToken(request, reference)
                        .thenAccept(token -> links.set(index, TextNode.valueOf(token + rest)))
                        .toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<ClientResponse> disconnect(ClientRequest request) {
        return request.bytes().thenCompose(bytes -> {
            ObjectNode body = PolicyGate.parse(RequestKind.NETWORK_DISCONNECT, bytes);
            return resolver.network(request, request.variable())
                    .thenCompose(network -> resolver.container(request, ApiJson.text(body, "Container"))
                            .thenCompose(container -> {
                                body.put("Container", container.address());
                                return request.ask(HttpMethod.POST, path(network, "/disconnect"), request.query(), body)
                                        .thenApply(response -> {
                                            if (response.ok()) {
                                                gateway.index().aliasGone(container.id(), network.engineName());
                                            }
                                            return (ClientResponse) ClientResponse.passed(response);
                                        });
                            }));
        });
    }

    private CompletionStage<ClientResponse> remove(ClientRequest request) {
        return resolver.network(request, request.variable()).thenCompose(entry -> {
            if (Resolver.isPredefinedNetwork(entry.engineName())) {
                throw ApiException.forbidden(entry.engineName() + " is a pre-defined network and cannot be removed");
            }
            Supplier<CompletionStage<EngineResponse>> removal =
                    () -> request.ask(HttpMethod.DELETE, path(entry, ""), request.query());
            return caller.removing(request, entry, removal).thenApply(response -> {
                if (response.ok() || response.status() == 404) {
                    gateway.removedChildren().network(entry.id());
                }
                return ClientResponse.passed(response);
            });
        });
    }

    private CompletionStage<ClientResponse> prune(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        filters.add("label", gateway.label());
        Query query = request.query().copy().set("filters", filters.encode());
        Supplier<CompletionStage<EngineResponse>> removal =
                () -> ExclusiveOperation.prune(request, "/networks/prune", query);
        return caller.pruning(request, gateway.index().networks().all(), removal)
                .thenApply(answered -> {
                    ObjectNode answer = answered.orThrow().object();
                    ArrayNode deleted = ApiJson.array();
                    answer.path("NetworksDeleted").forEach(each -> {
                        String name = each.asText("");
                        Optional<Entry> entry = gateway.index().networks().byEngineName(name);
                        entry.ifPresent(gone -> gateway.removedChildren().network(gone.id()));
                        deleted.add(gateway.names().logicalName(name).orElse(name));
                    });
                    if (answer.path("NetworksDeleted").isArray()) {
                        answer.set("NetworksDeleted", deleted);
                    }
                    return ClientResponse.json(200, answer);
                });
    }

    private static String path(Entry network, String part) {
        return "/networks/" + PercentEncoding.encodePath(network.address()) + part;
    }
}
