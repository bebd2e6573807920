package io.dockerworkflow.dood.gateway.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.ChildRegistry;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.session.SessionLabels;
import io.dockerworkflow.dood.policy.RequestKind;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes networks that are the session's from their beginning. */
final class NetworkCreation {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final CallerNetworks caller;

    NetworkCreation(GatewayContext gateway, Resolver resolver, CallerNetworks caller) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.caller = caller;
    }

    CompletionStage<ClientResponse> create(ClientRequest request) {
        return gateway.gate()
                .body(request, RequestKind.NETWORK_CREATE, gateway.gate().policy()::networkCreate)
                .thenCompose(body -> {
                    String logical = ApiJson.text(body, "Name");
                    if (Resolver.isPredefinedNetwork(logical)) {
                        throw ApiException.forbidden(
                                "operation is not permitted on predefined " + logical + " network");
                    }
                    if (logical.isBlank()) {
                        throw ApiException.badRequest("network name cannot be empty");
                    }
                    label(body, logical);
                    String engineName = gateway.names().engineName(logical);
                    body.put("Name", engineName);
                    gateway.engineEvents().begin();
                    ChildRegistry.Announcement announcement =
                            gateway.children().announce(new Child(Child.Kind.NETWORK, engineName));
                    return request.ask(HttpMethod.POST, "/networks/create", request.query(), body)
                            .thenCompose(response -> made(request, body, response, engineName, announcement))
                            .whenComplete((done, failure) -> announcement.end());
                });
    }

    /**
     * A network that has its configuration from another has that one's labels, and engines refuse it any of its own. They know a
     * configuration by its name only, so that none but the session's own is within reach; no name passes as it is, for on Linux
     * even "nat" may be anybody's.
     */
    private void label(ObjectNode body, String logical) {
        String source = configuration(body);
        if (source.isEmpty()) {
            SessionLabels.add(body, "Labels", gateway.names().labels(logical));
        } else {
            ApiJson.child(body, "ConfigFrom").put("Network", gateway.names().engineName(source));
        }
        if (body.path("ConfigOnly").asBoolean()) {
            // Of two with one name, 20.10 counts a network up on one and down on the other, which is then in use for
            // good.
            body.put("CheckDuplicate", true);
        }
    }

    private static String configuration(ObjectNode body) {
        return ApiJson.text(body.path("ConfigFrom"), "Network");
    }

    private CompletionStage<ClientResponse> made(
            ClientRequest request,
            ObjectNode body,
            EngineResponse response,
            String engineName,
            ChildRegistry.Announcement announcement) {
        if (!response.ok()) {
            return CompletableFuture.completedFuture(ClientResponse.passed(response));
        }
        String id = ApiJson.text(response.object(), "Id");
        return unfit(request, body, id).thenCompose(unfit -> {
            if (unfit.isPresent()) {
                return request.ask(HttpMethod.DELETE, "/networks/" + id).thenApply(gone -> unfit.get());
            }
            announcement.created();
            resolver.learnNetwork(id, engineName);
            return CompletableFuture.completedFuture(ClientResponse.passed(response));
        });
    }

    /** Why a network that has just been made cannot stay; empty if it can. */
    private CompletionStage<Optional<ClientResponse>> unfit(ClientRequest request, ObjectNode body, String id) {
        if (body.path("ConfigOnly").asBoolean()) {
            // Nothing can be connected to it.
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return unlabelled(request, body, id)
                .thenCompose(unlabelled -> unlabelled.isPresent()
                        ? CompletableFuture.completedFuture(unlabelled)
                        : caller.join(request, id).thenApply(refusal -> refusal.map(NetworkCreation::notJoined)));
    }

    private static ClientResponse notJoined(EngineResponse refusal) {
        return ClientResponse.error(
                500,
                "the container that the session's owner runs in cannot join the network, which was removed: "
                        + refusal.message());
    }

    /** A swarm makes a network without looking for its configuration, and so without labels (20.10, 28.5). */
    private CompletionStage<Optional<ClientResponse>> unlabelled(ClientRequest request, ObjectNode body, String id) {
        if (configuration(body).isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return request.ask(HttpMethod.GET, "/networks/" + id)
                .thenApply(found -> found.status() == 404 || found.ok() && resolver.isLabelled(found.object())
                        ? Optional.empty()
                        : Optional.of(ClientResponse.error(
                                403,
                                "ConfigFrom is refused here: the engine has made the network without the labels of its"
                                        + " configuration, as it does in a swarm, so that it would outlive the session; it"
                                        + " was removed. Give the network that configuration itself")));
    }
}
