package io.dockerworkflow.dood.gateway;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Images: the session's own tags, and the host's to read. */
final class ImageRoutes {
    private final GatewayContext gateway;

    ImageRoutes(GatewayContext gateway) {
        this.gateway = gateway;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/images/json", call -> done(call.forward("/images/json", call.query()))),
                Route.of("GET", "/images/{name}/json", call -> read(call, "/json")),
                Route.of("GET", "/images/{name}/history", call -> read(call, "/history")));
    }

    private CompletionStage<Reply> read(Call call, String part) {
        String name = gateway.images().toEngine(call.variable());
        return done(call.forward("/images/" + Percent.encodePath(name) + part, call.query()));
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
