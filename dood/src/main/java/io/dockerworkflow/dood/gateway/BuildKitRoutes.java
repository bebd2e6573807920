package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.dood.gateway.buildkit.BuildKit;
import io.dockerworkflow.dood.gateway.buildkit.BuildSettings;
import io.dockerworkflow.dood.policy.Refusal;
import io.dockerworkflow.spi.Labels;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The connections of BuildKit's clients: {@code /grpc}, where they call, and {@code /session}, where they are called. */
final class BuildKitRoutes {
    private static final String SESSION = "X-Docker-Expose-Session-Uuid";
    private static final String NO_UPGRADE =
            "no upgrade proto \"h2c\" in request: docker-workflow relays BuildKit over h2c only";

    /** The oldest API of engines whose builder knows source policies. */
    private static final ApiVersion SOURCE_POLICIES = ApiVersion.parse("1.43");

    /** The oldest API of engines whose builder knows several exporters in a build. */
    private static final ApiVersion SEVERAL_EXPORTERS = ApiVersion.parse("1.45");

    private final GatewayContext gateway;
    private final BuildKit buildKit;

    BuildKitRoutes(GatewayContext gateway) {
        this.gateway = gateway;
        this.buildKit = new BuildKit(new BuildSettings(
                gateway.names().session().value(),
                gateway.names().labels(),
                Labels.PREFIX,
                new BuildKitImages(gateway.images(), gateway.visible(), gateway.births()),
                (rule, field, value) ->
                        gateway.gate().policy().require(rule, field, value).map(Refusal::message),
                gateway.settings().cgroupParent(),
                gateway.settings().isolatedCache(),
                gateway.facts().newest().compareTo(SOURCE_POLICIES) >= 0,
                gateway.facts().newest().compareTo(SEVERAL_EXPORTERS) >= 0,
                gateway.store()::isKnownAsContainerds));
    }

    BuildKit buildKit() {
        return buildKit;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/grpc", call -> upgrade(call, Optional.empty())),
                Route.of("POST", "/session", call -> upgrade(call, Optional.of(uuid(call)))));
    }

    private static String uuid(Call call) {
        String uuid = call.headers().get(SESSION, "");
        if (uuid.isEmpty() || call.headers().getAll(SESSION).size() > 1) {
            throw ApiException.badRequest("a session is opened with one header " + SESSION);
        }
        return uuid;
    }

    private CompletionStage<Reply> upgrade(Call call, Optional<String> session) {
        if (!call.headers().get("Upgrade", "").equals("h2c")) {
            throw ApiException.badRequest(NO_UPGRADE);
        }
        return gateway.store()
                .isContainerds(call)
                .thenApply(any -> call.upgrade((client, engine) -> {
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
