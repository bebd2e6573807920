package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the engine says of itself, and what no session may ask of it. */
final class SystemRoutes {
    private static final String NO_SWARM =
            "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to"
                    + " swarm and try again.";
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "HEAD");

    private final GatewayContext gateway;

    SystemRoutes(GatewayContext gateway) {
        this.gateway = gateway;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of("GET", "/_ping", this::ping));
        routes.add(Route.of("HEAD", "/_ping", this::ping));
        routes.add(Route.of("GET", "/version", this::version));
        routes.add(Route.of("GET", "/info", this::info));
        routes.add(Route.of("POST", "/auth", call -> done(call.forward("/auth", call.query()))));
        for (String method : METHODS) {
            for (String swarm : List.of("/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs")) {
                routes.add(Route.fixed(method, swarm, Reply.error(503, NO_SWARM)));
                routes.add(Route.fixed(method, swarm + "/{name}", Reply.error(503, NO_SWARM)));
            }
            for (String closed : List.of("/plugins", "/debug")) {
                Reply refusal =
                        Reply.error(403, closed.substring(1) + " belong to the engine and are closed to a session");
                routes.add(Route.fixed(method, closed, refusal));
                routes.add(Route.fixed(method, closed + "/{name}", refusal));
            }
        }
        return routes;
    }

    private CompletionStage<Reply> ping(Call call) {
        return done(call.forward("/_ping", call.query()));
    }

    private CompletionStage<Reply> version(Call call) {
        return done(call.forward("/version", call.query()).with(Reply.document(version -> {
            clamp(version);
            for (JsonNode component : version.path("Components")) {
                if (component.get("Details") instanceof ObjectNode details && details.has("ApiVersion")) {
                    clamp(details);
                }
            }
            return version;
        })));
    }

    private void clamp(ObjectNode versions) {
        versions.put("ApiVersion", gateway.facts().newest().toString());
        versions.put("MinAPIVersion", gateway.facts().oldest().toString());
    }

    private CompletionStage<Reply> info(Call call) {
        return done(call.forward("/info", call.query()));
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    static Reply.Answer text(String text) {
        return new Reply.Answer(
                200,
                new DefaultHttpHeaders().set("Content-Type", "text/plain; charset=utf-8"),
                text.getBytes(StandardCharsets.UTF_8));
    }
}
