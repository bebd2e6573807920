package io.dockerworkflow.dood.gateway.buildkit;

import io.dockerworkflow.dood.gateway.buildkit.translate.BuildSettings;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.PendingWork;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.socket.SocketPump;
import io.dockerworkflow.dood.policy.Refusal;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The connections of BuildKit's clients: {@code /grpc}, where they call, and {@code /session}, where they are called. */
public final class BuildKitRoutes {
    private static final String SESSION = "X-Docker-Expose-Session-Uuid";
    private static final String NO_UPGRADE =
            "no upgrade proto \"h2c\" in request: docker-workflow relays BuildKit over h2c only";

    /** The oldest API of engines whose builder knows source policies. */
    private static final ApiVersion SOURCE_POLICIES = new ApiVersion(1, 43);

    /** The oldest API of engines whose builder knows several exporters in a build. */
    private static final ApiVersion SEVERAL_EXPORTERS = new ApiVersion(1, 45);

    private final GatewayContext gateway;
    private final BuildKit buildKit;

    public BuildKitRoutes(GatewayContext gateway) {
        this.gateway = gateway;
        this.buildKit = new BuildKit(new BuildSettings(
                gateway.names().session().value(),
                gateway.names().labels(),
                Labels.PREFIX,
                new BuildKitImages(gateway.images(), gateway.visible(), gateway.children()),
                (rule, field, value) ->
                        gateway.gate().policy().require(rule, field, value).map(Refusal::message),
                gateway.settings().cgroupParent(),
                gateway.settings().isolatedCache(),
                gateway.facts().newest().compareTo(SOURCE_POLICIES) >= 0,
                gateway.facts().newest().compareTo(SEVERAL_EXPORTERS) >= 0,
                gateway.store()::isKnownAsContainerds));
    }

    public BuildKit buildKit() {
        return buildKit;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/grpc", request -> upgrade(request, Optional.empty())),
                Route.of("POST", "/session", request -> upgrade(request, Optional.of(uuid(request)))));
    }

    private static String uuid(ClientRequest request) {
        String uuid = request.headers().get(SESSION, "");
        if (uuid.isEmpty() || request.headers().getAll(SESSION).size() > 1) {
            throw ApiException.badRequest("a session is opened with one header " + SESSION);
        }
        return uuid;
    }

    private CompletionStage<ClientResponse> upgrade(ClientRequest request, Optional<String> session) {
        if (!request.headers().get("Upgrade", "").equals("h2c")) {
            throw ApiException.badRequest(NO_UPGRADE);
        }
        return gateway.store()
                .isContainerds(request)
                .thenApply(any -> request.upgrade((client, engine) -> {
                    PendingWork.Work work = () -> closed(client);
                    gateway.pending().add(work);
                    client.closeFuture().addListener(ended -> gateway.pending().remove(work));
                    if (session.isPresent()) {
                        buildKit.session(client, engine, session.get(), SocketPump::join);
                    } else {
                        buildKit.control(client, engine);
                    }
                }));
    }

    private static CompletionStage<?> closed(Channel client) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        client.close().addListener(done -> closed.complete(null));
        return closed;
    }
}
