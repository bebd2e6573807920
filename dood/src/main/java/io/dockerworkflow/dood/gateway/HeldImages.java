package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.Child;
import java.util.concurrent.CompletionStage;

/**
 * Images of the session's that carry no label and have, or may come to have, no name. The session holds each by a tag of the
 * gateway's own, by which it goes with the session. Clients do not see that tag.
 */
final class HeldImages {
    private HeldImages() {}

    /**
     * Holds an image.
     *
     * @param id the whole id
     * @return whether it is there
     */
    static CompletionStage<Boolean> hold(GatewayContext gateway, Call call, String id) {
        return hold(gateway, call, id, gateway.images().hold(id));
    }

    /** Holds an image that is on the way to another, which only those clients see that want to see all. */
    static CompletionStage<Boolean> holdStep(GatewayContext gateway, Call call, String id) {
        return hold(gateway, call, id, gateway.images().stepHold(id));
    }

    private static CompletionStage<Boolean> hold(GatewayContext gateway, Call call, String id, String hold) {
        gateway.births().trackUnlabelled(new Child(Child.Kind.IMAGE, hold));
        return EngineImages.tag(call, id, hold).thenApply(answer -> {
            if (answer.ok()) {
                gateway.images().held(id);
            }
            return answer.ok();
        });
    }
}
