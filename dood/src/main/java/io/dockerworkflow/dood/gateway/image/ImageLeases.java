package io.dockerworkflow.dood.gateway.image;

import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import java.util.concurrent.CompletionStage;

/**
 * Images of the session's that carry no label and have, or may come to have, no name. The session leases each by a tag of the
 * gateway's own, by which it goes with the session. Clients do not see that tag.
 */
public final class ImageLeases {
    private ImageLeases() {}

    /**
     * Leases an image.
     *
     * @param id the whole id
     * @return whether it is there
     */
    public static CompletionStage<Boolean> lease(GatewayContext gateway, ClientRequest request, String id) {
        return lease(gateway, request, id, gateway.ownTags().lease(id));
    }

    /** Leases an image that is on the way to another, which only those clients see that want to see all. */
    public static CompletionStage<Boolean> leaseStep(GatewayContext gateway, ClientRequest request, String id) {
        return lease(gateway, request, id, gateway.ownTags().stepLease(id));
    }

    private static CompletionStage<Boolean> lease(
            GatewayContext gateway, ClientRequest request, String id, String leaseTag) {
        gateway.children().trackUnlabelled(new Child(Child.Kind.IMAGE, leaseTag));
        return ImageApi.tag(request, id, leaseTag).thenApply(response -> {
            if (response.ok()) {
                gateway.ownTags().noteLeased(id);
            }
            return response.ok();
        });
    }
}
