package io.dockerworkflow.dood.gateway.container;

import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.policy.RequestKind;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Commands in running containers. */
public final class ExecRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;

    public ExecRoutes(GatewayContext gateway, Resolver resolver) {
        this.gateway = gateway;
        this.resolver = resolver;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/containers/{name}/exec", this::create),
                Route.of("POST", "/exec/{id}/start", this::start),
                Route.of("POST", "/exec/{id}/resize", request -> byId(request, "/resize")),
                Route.of("GET", "/exec/{id}/json", request -> byId(request, "/json")));
    }

    private CompletionStage<ClientResponse> create(ClientRequest request) {
        return resolver.container(request, request.variable())
                .thenCombine(
                        gateway.gate()
                                .body(
                                        request,
                                        RequestKind.EXEC_CREATE,
                                        gateway.gate().policy()::execCreate),
                        (entry, body) -> {
                            return request.ask(
                                            HttpMethod.POST,
                                            "/containers/" + entry.address() + "/exec",
                                            request.query(),
                                            body)
                                    .thenApply(response -> {
                                        if (response.ok()) {
                                            gateway.index().exec(ApiJson.text(response.object(), "Id"), entry.id());
                                        }
                                        return (ClientResponse) ClientResponse.passed(response);
                                    });
                        })
                .thenCompose(reply -> reply);
    }

    private CompletionStage<ClientResponse> start(ClientRequest request) {
        requireOwn(request);
        return CompletableFuture.completedFuture(
                request.hijack(request.forward("/exec/" + request.variable() + "/start", request.query())));
    }

    private CompletionStage<ClientResponse> byId(ClientRequest request, String part) {
        requireOwn(request);
        return CompletableFuture.completedFuture(
                request.forward("/exec/" + request.variable() + part, request.query()));
    }

    private void requireOwn(ClientRequest request) {
        if (gateway.index().containerOfExec(request.variable()).isEmpty()) {
            throw ApiException.notFound("No such exec instance: " + request.variable());
        }
    }
}
