package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.netty.handler.codec.http.HttpMethod;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;

/** Makes volumes that are the session's from their beginning, for clients and for containers that come with volumes, and removes them. */
final class VolumeCreation {
    private final GatewayContext gateway;
    private final Resolver resolver;

    VolumeCreation(GatewayContext gateway, Resolver resolver) {
        this.gateway = gateway;
        this.resolver = resolver;
    }

    /** Makes a volume of the session, unless it is there. */
    CompletionStage<EngineAnswer> make(Call call, String logical, ObjectNode body) {
        boolean anonymous = logical.isEmpty();
        boolean bare = !body.hasNonNull("Labels");
        SessionLabels.add(
                body,
                "Labels",
                anonymous ? gateway.names().labels() : gateway.names().labels(logical));
        if (bare) {
            Json.child(body, "Labels").put(SessionLabels.NO_LABELS, "");
        }
        String engineName = anonymous ? randomName() : gateway.names().engineName(logical);
        body.put("Name", engineName);
        if (anonymous && call.version().atLeast(1, 42)) {
            // What the daemon sets on those that it names itself, and prunes by.
            Json.child(body, "Labels").put("com.docker.volume.anonymous", "");
        }
        gateway.watch().begin();
        Births.Birth birth = gateway.births().begin(new Child(Child.Kind.VOLUME, engineName));
        return call.ask(HttpMethod.POST, "/volumes/create", new Query(), body)
                .thenApply(answer -> {
                    if (answer.ok()) {
                        birth.born();
                        resolver.learnVolume(engineName);
                    }
                    return answer;
                })
                .whenComplete((done, failure) -> birth.end());
    }

    private static String randomName() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Takes a volume back that {@link #make} has made, unless it is in use. */
    CompletionStage<EngineAnswer> unmake(Call call, String engineName) {
        return remove(call, engineName, new Query());
    }

    /** Removes a volume, and forgets it if it is gone. */
    CompletionStage<EngineAnswer> remove(Call call, String engineName, Query query) {
        return call.ask(HttpMethod.DELETE, "/volumes/" + engineName, query).thenApply(answer -> {
            if (answer.ok() || answer.status() == 404) {
                gateway.departures().volume(engineName);
            }
            return answer;
        });
    }
}
