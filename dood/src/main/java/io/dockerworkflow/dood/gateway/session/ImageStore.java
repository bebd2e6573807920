package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where the engine keeps its images, which decides what its builders do with them. Asked once; used by several event loops. */
public final class ImageStore {
    /** In the driver's status, where the images are containerd's. */
    private static final String CONTAINERD = "io.containerd.snapshotter";

    /** The oldest API of engines that can have it so. */
    private static final ApiVersion OLDEST = new ApiVersion(1, 43);

    private volatile boolean asked;
    private volatile boolean containerds;

    public ImageStore(EngineFacts facts) {
        asked = facts.newest().compareTo(OLDEST) < 0;
    }

    /** Whether it is containerd's. Fails if the engine does not say. */
    public CompletionStage<Boolean> isContainerds(ClientRequest request) {
        if (asked) {
            return CompletableFuture.completedFuture(containerds);
        }
        return request.ask(HttpMethod.GET, "/info").thenApply(info -> {
            containerds =
                    info.orThrow().object().path("DriverStatus").toString().contains(CONTAINERD);
            asked = true;
            return containerds;
        });
    }

    /** Whether it is known to be containerd's. */
    public boolean isKnownAsContainerds() {
        return containerds;
    }
}
