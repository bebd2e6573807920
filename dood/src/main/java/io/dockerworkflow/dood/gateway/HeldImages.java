package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.Child;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Images of the session's that carry no label and have, or may come to have, no name. The session holds each by a tag of the
 * gateway's own, by which it goes with the session. Clients do not see that tag.
 */
final class HeldImages {
    private static final int NOT_FOUND = 404;

    private HeldImages() {}

    /**
     * Holds an image.
     *
     * @param id the whole id
     * @return whether it is there
     */
    static CompletionStage<Boolean> hold(GatewayContext gateway, Call call, String id) {
        String hold = gateway.images().hold(id);
        gateway.births().trackUnlabelled(child(hold));
        return EngineImages.tag(call, id, hold).thenApply(answer -> {
            if (answer.ok()) {
                gateway.images().held(id);
            }
            return answer.ok();
        });
    }

    /** A tag for what the engine is about to build, so that it is held from its birth on. {@link #settle} it when the build has ended. */
    static String announce(GatewayContext gateway) {
        String hold = gateway.images().newHold();
        gateway.births().trackUnlabelled(child(hold));
        return hold;
    }

    /** The build has ended. What it has found in the cache may be held already: one tag is enough. */
    static CompletionStage<?> settle(GatewayContext gateway, Call call, String hold) {
        return EngineImages.find(call, hold).thenCompose(answer -> {
            if (answer.status() == NOT_FOUND) {
                gateway.births().forget(child(hold));
            }
            if (!answer.ok()) {
                return CompletableFuture.completedFuture(answer);
            }
            JsonNode image = answer.json();
            gateway.images().held(Json.text(image, "Id"));
            for (JsonNode tag : image.path("RepoTags")) {
                String other = tag.asText("");
                // Of two builds that end at once, one must let the other's be.
                if (gateway.images().isHold(other) && other.compareTo(hold) < 0) {
                    return EngineImages.remove(call, hold).thenApply(removed -> {
                        gateway.births().forget(child(hold));
                        return removed;
                    });
                }
            }
            return CompletableFuture.completedFuture(answer);
        });
    }

    private static Child child(String hold) {
        return new Child(Child.Kind.IMAGE, hold);
    }
}
