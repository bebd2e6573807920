package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.policy.Body;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes networks that are the session's from their beginning. */
final class NetworkCreation {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final CallerMembership caller;

    NetworkCreation(GatewayContext gateway, Resolver resolver, CallerMembership caller) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.caller = caller;
    }

    CompletionStage<Reply> create(Call call) {
        return gateway.gate()
                .body(call, Body.NETWORK_CREATE, gateway.gate().policy()::networkCreate)
                .thenCompose(body -> {
                    String logical = Json.text(body, "Name");
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
                    gateway.watch().begin();
                    Births.Birth birth = gateway.births().begin(new Child(Child.Kind.NETWORK, engineName));
                    return call.ask(HttpMethod.POST, "/networks/create", call.query(), body)
                            .thenCompose(answer -> made(call, body, answer, engineName, birth))
                            .whenComplete((done, failure) -> birth.end());
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
            Json.child(body, "ConfigFrom").put("Network", gateway.names().engineName(source));
        }
        if (body.path("ConfigOnly").asBoolean()) {
            // Of two with one name, 20.10 counts a network up on one and down on the other, which is then in use for
            // good.
            body.put("CheckDuplicate", true);
        }
    }

    private static String configuration(ObjectNode body) {
        return Json.text(body.path("ConfigFrom"), "Network");
    }

    private CompletionStage<Reply> made(
            Call call, ObjectNode body, EngineAnswer answer, String engineName, Births.Birth birth) {
        if (!answer.ok()) {
            return CompletableFuture.completedFuture(Reply.passed(answer));
        }
        String id = Json.text(answer.object(), "Id");
        return unfit(call, body, id).thenCompose(unfit -> {
            if (unfit.isPresent()) {
                return call.ask(HttpMethod.DELETE, "/networks/" + id).thenApply(gone -> unfit.get());
            }
            birth.born();
            resolver.learnNetwork(id, engineName);
            return CompletableFuture.completedFuture(Reply.passed(answer));
        });
    }

    /** Why a network that has just been made cannot stay; empty if it can. */
    private CompletionStage<Optional<Reply>> unfit(Call call, ObjectNode body, String id) {
        if (body.path("ConfigOnly").asBoolean()) {
            // Nothing can be connected to it.
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return unlabelled(call, body, id)
                .thenCompose(unlabelled -> unlabelled.isPresent()
                        ? CompletableFuture.completedFuture(unlabelled)
                        : caller.join(call, id).thenApply(refusal -> refusal.map(NetworkCreation::notJoined)));
    }

    private static Reply notJoined(EngineAnswer refusal) {
        return Reply.error(
                500,
                "the container that the session's owner runs in cannot join the network, which was removed: "
                        + refusal.message());
    }

    /** A swarm makes a network without looking for its configuration, and so without labels (20.10, 28.5). */
    private CompletionStage<Optional<Reply>> unlabelled(Call call, ObjectNode body, String id) {
        if (configuration(body).isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return call.ask(HttpMethod.GET, "/networks/" + id)
                .thenApply(found -> found.status() == 404 || found.ok() && resolver.isLabelled(found.object())
                        ? Optional.empty()
                        : Optional.of(Reply.error(
                                403,
                                "ConfigFrom is refused here: the engine has made the network without the labels of its"
                                        + " configuration, as it does in a swarm, so that it would outlive the session; it"
                                        + " was removed. Give the network that configuration itself")));
    }
}
