package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The session's own names of an image, and how one goes: with the last, the image does. */
public final class TagRemoval {
    private final GatewayContext gateway;

    public TagRemoval(GatewayContext gateway) {
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
    CompletionStage<EngineResponse> untag(ClientRequest request, String reference, Query query) {
        return request.ask(HttpMethod.DELETE, ImageApi.path(reference), query).thenApply(response -> {
            if (response.ok() || response.status() == 404) {
                gateway.images().forget(reference);
                gateway.children().forget(new Child(Child.Kind.IMAGE, reference));
            }
            return response;
        });
    }

    /** Gives names back that have been taken away. */
    CompletionStage<Boolean> restore(ClientRequest request, String id, Collection<String> references) {
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (String reference : references) {
            gateway.children().trackUnlabelled(new Child(Child.Kind.IMAGE, reference));
            all = all.thenCompose(any -> ImageApi.tag(request, id, reference)).thenApply(response -> {
                if (response.ok()) {
                    gateway.images().confirm(reference);
                }
                return response.ok();
            });
        }
        return all;
    }

    /** Adds what the engine has removed, {@code {"Untagged": NAME}} or {@code {"Deleted": ID}}, as the client knows it. */
    void report(JsonNode removed, ArrayNode report) {
        for (JsonNode each : removed) {
            if (each instanceof ObjectNode object && !gateway.ownTags().isLease(ApiJson.text(object, "Untagged"))) {
                TextFields.text(object, "Untagged", gateway.images()::toLogical);
                report.add(object);
            }
        }
    }
}
