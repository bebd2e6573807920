package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.NamedObjects.Entry;
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
final class CallerMembership {
    /** The oldest API with a priority of gateways. Before, the first network in the alphabet gives the default route. */
    private static final ApiVersion PRIORITIES = ApiVersion.parse("1.48");

    private final GatewayContext gateway;
    private final Optional<String> caller;

    CallerMembership(GatewayContext gateway) {
        this.gateway = gateway;
        this.caller = gateway.settings().caller();
    }

    /** Joins a network that has just been made; an answer of an error if the engine does not let it. */
    CompletionStage<Optional<EngineAnswer>> join(Call call, String networkId) {
        if (caller.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        ObjectNode body = Json.object().put("Container", caller.get());
        if (gateway.facts().newest().compareTo(PRIORITIES) >= 0) {
            Json.child(body, "EndpointConfig").put("GwPriority", -1);
        }
        return ask(call, HttpMethod.POST, networkId + "/connect", Optional.of(body))
                .thenApply(answer -> Optional.of(answer).filter(refused -> !refused.ok()));
    }

    /** Removes a network: leaves it before, if nobody else is on it, and comes back if it stays. */
    CompletionStage<EngineAnswer> removing(Call call, Entry network, Supplier<CompletionStage<EngineAnswer>> removal) {
        return leaveIfAlone(call, network)
                .thenCompose(left -> removal.get().thenCompose(answer -> {
                    boolean stays = left && !answer.ok() && answer.status() != 404;
                    return stays
                            ? join(call, network.id()).thenApply(ignored -> answer)
                            : CompletableFuture.completedFuture(answer);
                }))
                .thenApply(answer -> answer.ok() ? answer : unseen(answer));
    }

    /** An engine from 28 on lists who is on a network that cannot be removed: by name, with the endpoint's id. */
    private EngineAnswer unseen(EngineAnswer answer) {
        if (caller.isEmpty()) {
            return answer;
        }
        String prefix = Pattern.quote(gateway.names().prefix());
        String words = answer.message()
                .replaceAll("name:\"(?!" + prefix + ")[^\"]*\" id:\"[^\"]*\"(, )?", "")
                .replace(", )", ")");
        return new EngineAnswer(
                answer.status(), answer.headers(), Json.document(Json.object().put("message", words)));
    }

    /** Removes what is unused of these networks, for which the caller's container is no use. */
    CompletionStage<EngineAnswer> pruning(
            Call call, List<Entry> networks, Supplier<CompletionStage<EngineAnswer>> removal) {
        List<Entry> left = new ArrayList<>();
        CompletionStage<Boolean> leaving = CompletableFuture.completedFuture(true);
        for (Entry network : caller.isPresent() ? networks : List.<Entry>of()) {
            leaving = leaving.thenCompose(ignored -> leaveIfAlone(call, network))
                    .thenApply(gone -> {
                        if (gone) {
                            left.add(network);
                        }
                        return true;
                    });
        }
        return leaving.thenCompose(ignored -> removal.get()).thenCompose(answer -> {
            CompletionStage<EngineAnswer> all = CompletableFuture.completedFuture(answer);
            for (Entry network : left) {
                // One that was pruned cannot be joined: the engine says so, and that is that.
                all = all.thenCompose(same -> join(call, network.id()).thenApply(ignored -> same));
            }
            return all;
        });
    }

    private CompletionStage<Boolean> leaveIfAlone(Call call, Entry network) {
        if (caller.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return ask(call, HttpMethod.GET, network.id(), Optional.empty()).thenCompose(answer -> {
            JsonNode members = answer.ok() ? answer.json().path("Containers") : Json.object();
            if (members.size() != 1 || !members.has(caller.get())) {
                return CompletableFuture.completedFuture(false);
            }
            ObjectNode body = Json.object().put("Container", caller.get()).put("Force", true);
            return ask(call, HttpMethod.POST, network.id() + "/disconnect", Optional.of(body))
                    .thenApply(EngineAnswer::ok);
        });
    }

    /** At the engine's own version, not the client's. */
    private CompletionStage<EngineAnswer> ask(Call call, HttpMethod how, String path, Optional<ObjectNode> body) {
        EngineRequest request = EngineRequest.of(how, "/v" + gateway.facts().newest() + "/networks/" + path);
        return gateway.engine().call(call.loop(), body.map(request::json).orElse(request));
    }
}
