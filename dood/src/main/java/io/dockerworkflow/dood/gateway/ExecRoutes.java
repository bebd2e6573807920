package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.dood.policy.Body;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Commands in running containers. */
final class ExecRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;

    ExecRoutes(GatewayContext gateway, Resolver resolver) {
        this.gateway = gateway;
        this.resolver = resolver;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/containers/{name}/exec", this::create),
                Route.of("POST", "/exec/{id}/start", this::start),
                Route.of("POST", "/exec/{id}/resize", call -> byId(call, "/resize")),
                Route.of("GET", "/exec/{id}/json", call -> byId(call, "/json")));
    }

    private CompletionStage<Reply> create(Call call) {
        return resolver.container(call, call.variable())
                .thenCombine(
                        gateway.gate()
                                .body(call, Body.EXEC_CREATE, gateway.gate().policy()::execCreate),
                        (entry, body) -> {
                            return call.ask(
                                            HttpMethod.POST,
                                            "/containers/" + entry.address() + "/exec",
                                            call.query(),
                                            body)
                                    .thenApply(answer -> {
                                        if (answer.ok()) {
                                            gateway.index().exec(Json.text(answer.object(), "Id"), entry.id());
                                        }
                                        return (Reply) Reply.passed(answer);
                                    });
                        })
                .thenCompose(reply -> reply);
    }

    private CompletionStage<Reply> start(Call call) {
        requireOwn(call);
        return CompletableFuture.completedFuture(
                call.hijack(call.forward("/exec/" + call.variable() + "/start", call.query())));
    }

    private CompletionStage<Reply> byId(Call call, String part) {
        requireOwn(call);
        return CompletableFuture.completedFuture(call.forward("/exec/" + call.variable() + part, call.query()));
    }

    private void requireOwn(Call call) {
        if (gateway.index().containerOfExec(call.variable()).isEmpty()) {
            throw ApiException.notFound("No such exec instance: " + call.variable());
        }
    }
}
