package io.dockerworkflow.dood.gateway.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.engine.EngineRequest;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Keeps the caller's container, the one that the session's owner runs in, on the session's networks, if the session is to do
 * so: its children are then reachable by name. Clients do not see it there, and it is in nobody's way when a network is
 * removed.
 */
final class CallerNetworks {
    /** The oldest API with a priority of gateways. Before, the first network in the alphabet gives the default route. */
    private static final ApiVersion PRIORITIES = new ApiVersion(1, 48);

    private final GatewayContext gateway;
    private final Optional<String> caller;

    CallerNetworks(GatewayContext gateway) {
        this.gateway = gateway;
        this.caller = gateway.settings().caller();
    }

    /** Joins a network that has just been made; an answer of an error if the engine does not let it. */
    CompletionStage<Optional<EngineResponse>> join(ClientRequest clientRequest, String networkId) {
        if (caller.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        ObjectNode body = ApiJson.object().put("Container", caller.get());
        if (gateway.facts().newest().compareTo(PRIORITIES) >= 0) {
            ApiJson.child(body, "EndpointConfig").put("GwPriority", -1);
        }
        return ask(clientRequest, HttpMethod.POST, networkId + "/connect", Optional.of(body))
                .thenApply(response -> Optional.of(response).filter(refused -> !refused.ok()));
    }

    /** Removes a network: leaves it before, if nobody else is on it, and comes back if it stays. */
    CompletionStage<EngineResponse> removing(
            ClientRequest clientRequest, Entry network, Supplier<CompletionStage<EngineResponse>> removal) {
        return leaveIfAlone(clientRequest, network)
                .thenCompose(left -> removal.get().thenCompose(response -> {
                    boolean stays = left && !response.ok() && response.status() != 404;
                    return stays
                            ? join(clientRequest, network.id()).thenApply(ignored -> response)
                            : CompletableFuture.completedFuture(response);
                }))
                .thenApply(response -> response.ok() ? response : unseen(response));
    }

    /** An engine from 28 on lists who is on a network that cannot be removed: by name, with the endpoint's id. */
    private EngineResponse unseen(EngineResponse response) {
        if (caller.isEmpty()) {
            return response;
        }
        String prefix = Pattern.quote(gateway.names().prefix());
        String words = response.message()
                .replaceAll("name:\"(?!" + prefix + ")[^\"]*\" id:\"[^\"]*\"(, )?", "")
                .replace(", )", ")");
        return new EngineResponse(
                response.status(),
                response.headers(),
                ApiJson.document(ApiJson.object().put("message", words)));
    }

    /** Removes what is unused of these networks, for which the caller's container is no use. */
    CompletionStage<EngineResponse> pruning(
            ClientRequest clientRequest, List<Entry> networks, Supplier<CompletionStage<EngineResponse>> removal) {
        List<Entry> left = new ArrayList<>();
        CompletionStage<Boolean> leaving = CompletableFuture.completedFuture(true);
        for (Entry network : caller.isPresent() ? networks : List.<Entry>of()) {
            leaving = leaving.thenCompose(ignored -> leaveIfAlone(clientRequest, network))
                    .thenApply(gone -> {
                        if (gone) {
                            left.add(network);
                        }
                        return true;
                    });
        }
        return leaving.thenCompose(ignored -> removal.get()).thenCompose(response -> {
            CompletionStage<EngineResponse> all = CompletableFuture.completedFuture(response);
            for (Entry network : left) {
                // One that was pruned cannot be joined: the engine says so, and that is that.
                all = all.thenCompose(same -> join(clientRequest, network.id()).thenApply(ignored -> same));
            }
            return all;
        });
    }

    private CompletionStage<Boolean> leaveIfAlone(ClientRequest clientRequest, Entry network) {
        if (caller.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return ask(clientRequest, HttpMethod.GET, network.id(), Optional.empty())
                .thenCompose(response -> {
                    JsonNode members = response.ok() ? response.json().path("Containers") : ApiJson.object();
                    if (members.size() != 1 || !members.has(caller.get())) {
                        return CompletableFuture.completedFuture(false);
                    }
                    ObjectNode body =
                            ApiJson.object().put("Container", caller.get()).put("Force", true);
                    return ask(clientRequest, HttpMethod.POST, network.id() + "/disconnect", Optional.of(body))
                            .thenApply(EngineResponse::ok);
                });
    }

    /** At the engine's own version, not the client's. */
    private CompletionStage<EngineResponse> ask(
            ClientRequest clientRequest, HttpMethod how, String path, Optional<ObjectNode> body) {
        EngineRequest request = EngineRequest.of(how, "/v" + gateway.facts().newest() + "/networks/" + path);
        return gateway.engine()
                .send(clientRequest.loop(), body.map(request::json).orElse(request));
    }
}
