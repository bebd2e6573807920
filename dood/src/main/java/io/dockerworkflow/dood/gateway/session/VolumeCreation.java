package io.dockerworkflow.dood.gateway.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.netty.handler.codec.http.HttpMethod;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;

/** Makes volumes that are the session's from their beginning, for clients and for containers that come with volumes, and removes them. */
public final class VolumeCreation {
    private final GatewayContext gateway;
    private final Resolver resolver;

    public VolumeCreation(GatewayContext gateway, Resolver resolver) {
        this.gateway = gateway;
        this.resolver = resolver;
    }

    /** Makes a volume of the session, unless it is there. */
    public CompletionStage<EngineResponse> make(ClientRequest request, String logical, ObjectNode body) {
        boolean anonymous = logical.isEmpty();
        boolean bare = !body.hasNonNull("Labels");
        SessionLabels.add(
                body,
                "Labels",
                anonymous ? gateway.names().labels() : gateway.names().labels(logical));
        if (bare) {
            ApiJson.child(body, "Labels").put(SessionLabels.NO_LABELS, "");
        }
        String engineName = anonymous ? randomName() : gateway.names().engineName(logical);
        body.put("Name", engineName);
        if (anonymous && request.version().atLeast(1, 42)) {
            // What the daemon sets on those that it names itself, and prunes by.
            ApiJson.child(body, "Labels").put("com.docker.volume.anonymous", "");
        }
        gateway.engineEvents().begin();
        ChildRegistry.Announcement announcement = gateway.children().announce(new Child(Child.Kind.VOLUME, engineName));
        return request.ask(HttpMethod.POST, "/volumes/create", new Query(), body)
                .thenApply(response -> {
                    if (response.ok()) {
                        announcement.created();
                        resolver.learnVolume(engineName);
                    }
                    return response;
                })
                .whenComplete((done, failure) -> announcement.end());
    }

    private static String randomName() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Takes a volume back that {@link #make} has made, unless it is in use. */
    public CompletionStage<EngineResponse> unmake(ClientRequest request, String engineName) {
        return remove(request, engineName, new Query());
    }

    /** Removes a volume, and forgets it if it is gone. */
    public CompletionStage<EngineResponse> remove(ClientRequest request, String engineName, Query query) {
        return request.ask(HttpMethod.DELETE, "/volumes/" + engineName, query).thenApply(response -> {
            if (response.ok() || response.status() == 404) {
                gateway.removedChildren().volume(engineName);
            }
            return response;
        });
    }
}
