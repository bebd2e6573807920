package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The session's own names of an image, and how one goes: with the last, the image does. */
final class Untagging {
    private final GatewayContext gateway;

    Untagging(GatewayContext gateway) {
        this.gateway = gateway;
    }

    /** The session's own names among those that an image, listed or inspected, has on the engine. */
    List<String> own(JsonNode image) {
        List<String> own = new ArrayList<>();
        for (JsonNode tag : image.path("RepoTags")) {
            if (tag.asText("").startsWith(gateway.images().root())) {
                own.add(tag.asText(""));
            }
        }
        return own;
    }

    /** Takes a name of the engine's away. */
    CompletionStage<EngineAnswer> untag(Call call, String reference, Query query) {
        return call.ask(HttpMethod.DELETE, EngineImages.path(reference), query).thenApply(answer -> {
            if (answer.ok() || answer.status() == 404) {
                gateway.images().forget(reference);
                gateway.births().forget(new Child(Child.Kind.IMAGE, reference));
            }
            return answer;
        });
    }

    /** Gives names back that have been taken away. */
    CompletionStage<Boolean> restore(Call call, String id, Collection<String> references) {
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (String reference : references) {
            gateway.births().trackUnlabelled(new Child(Child.Kind.IMAGE, reference));
            all = all.thenCompose(any -> EngineImages.tag(call, id, reference)).thenApply(answer -> {
                if (answer.ok()) {
                    gateway.images().confirm(reference);
                }
                return answer.ok();
            });
        }
        return all;
    }

    /** Adds what the engine has removed, {@code {"Untagged": NAME}} or {@code {"Deleted": ID}}, as the client knows it. */
    void report(JsonNode removed, ArrayNode report) {
        for (JsonNode each : removed) {
            if (each instanceof ObjectNode object && !gateway.images().isHold(Json.text(object, "Untagged"))) {
                TextFields.text(object, "Untagged", gateway.images()::toLogical);
                report.add(object);
            }
        }
    }
}
