package io.dockerworkflow.dood.gateway.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.container.ContainerRewriter;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.image.ImageRewriter;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.ExclusiveOperation;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.volume.VolumeRewriter;
import io.dockerworkflow.dood.gateway.volume.VolumeRoutes;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the engine says of itself, and what no session may ask of it. */
public final class SystemRoutes {
    private static final String NO_SWARM =
            "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to"
                    + " swarm and try again.";
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "HEAD");

    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ContainerRewriter containerRewriter;
    private final ImageRewriter imageRewriter;
    private final VolumeRoutes volumes;
    private final VolumeRewriter volumeRewriter;

    public SystemRoutes(
            GatewayContext gateway,
            Resolver resolver,
            ContainerRewriter containerRewriter,
            ImageRewriter imageRewriter,
            VolumeRoutes volumes) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.volumeRewriter = new VolumeRewriter(gateway.names());
        this.containerRewriter = containerRewriter;
        this.imageRewriter = imageRewriter;
        this.volumes = volumes;
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of("GET", "/_ping", this::ping));
        routes.add(Route.of("HEAD", "/_ping", this::ping));
        routes.add(Route.of("GET", "/version", this::version));
        routes.add(Route.of("GET", "/info", this::info));
        routes.add(Route.of("GET", "/system/df", this::df));
        routes.add(Route.of("GET", "/plugins/{name}/json", SystemRoutes::noPlugin));
        routes.add(Route.of("POST", "/auth", request -> done(request.forward("/auth", request.query()))));
        for (String method : METHODS) {
            for (String swarm : List.of("/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs")) {
                routes.add(Route.fixed(method, swarm, ClientResponse.error(503, NO_SWARM)));
                routes.add(Route.fixed(method, swarm + "/{name}", ClientResponse.error(503, NO_SWARM)));
            }
            for (String closed : List.of("/plugins", "/debug")) {
                ClientResponse refusal = ClientResponse.error(
                        403, closed.substring(1) + " belong to the engine and are closed to a session");
                routes.add(Route.fixed(method, closed, refusal));
                routes.add(Route.fixed(method, closed + "/{name}", refusal));
            }
        }
        return routes;
    }

    private CompletionStage<ClientResponse> ping(ClientRequest request) {
        return done(request.forward("/_ping", request.query()));
    }

    private CompletionStage<ClientResponse> version(ClientRequest request) {
        return done(request.forward("/version", request.query()).with(ClientResponse.document(version -> {
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

    /** Counts the session's containers and images only, and is outside any swarm. */
    private CompletionStage<ClientResponse> info(ClientRequest request) {
        Query mine = new Query()
                .set("all", "1")
                .set("filters", new Filters().add("label", gateway.label()).encode());
        ClientResponse.Filter filter = new ClientResponse.Filter.Document(node -> {
            ObjectNode info = node instanceof ObjectNode object ? object : ApiJson.object();
            return request.ask(HttpMethod.GET, "/containers/json", mine)
                    .thenCombine(request.ask(HttpMethod.GET, "/images/json"), (containers, all) -> {
                        count(info, mine(containers.orThrow().json()));
                        info.put("Images", visible(all.orThrow().json()).size());
                        info.set("Swarm", noSwarm());
                        return info;
                    });
        });
        return done(request.forward("/info", request.query()).with(filter));
    }

    private static void count(ObjectNode info, ArrayNode containers) {
        int running = 0;
        int paused = 0;
        for (JsonNode container : containers) {
            String state = ApiJson.text(container, "State");
            running += state.equals("running") ? 1 : 0;
            paused += state.equals("paused") ? 1 : 0;
        }
        info.put("Containers", containers.size());
        info.put("ContainersRunning", running);
        info.put("ContainersPaused", paused);
        info.put("ContainersStopped", containers.size() - running - paused);
    }

    private static ObjectNode noSwarm() {
        return ApiJson.object()
                .put("NodeID", "")
                .put("NodeAddr", "")
                .put("LocalNodeState", "inactive")
                .put("ControlAvailable", false)
                .put("Error", "")
                .putNull("RemoteManagers");
    }

    private ArrayNode visible(JsonNode all) {
        ArrayNode out = ApiJson.array();
        for (JsonNode each : all) {
            if (each instanceof ObjectNode image) {
                imageRewriter.summary(image).ifPresent(out::add);
            }
        }
        return out;
    }

    /** The size of the layers that each of the images has for itself. Those that several images share count once on the engine. */
    private static long ownLayers(JsonNode images) {
        long size = 0;
        for (JsonNode image : images) {
            size += image.path("Size").asLong()
                    - Math.max(0, image.path("SharedSize").asLong());
        }
        return size;
    }

    /** Disk usage of what the session sees. */
    private CompletionStage<ClientResponse> df(ClientRequest request) {
        return ExclusiveOperation.read(request, "/system/df", request.query(), usage -> {
            if (usage.has("Images")) {
                long all = ownLayers(usage.path("Images"));
                ArrayNode mine = visible(usage.path("Images"));
                usage.set("Images", mine);
                long unseen = all - ownLayers(mine);
                usage.put("LayersSize", Math.max(0, usage.path("LayersSize").asLong() - unseen));
            }
            if (usage.path("Containers").isArray()) {
                ArrayNode mine = mine(usage.path("Containers"));
                mine.forEach(each -> containerRewriter.summary((ObjectNode) each));
                usage.set("Containers", mine);
            }
            if (usage.path("Volumes").isArray()) {
                ArrayNode mine = ApiJson.array();
                for (JsonNode each : usage.path("Volumes")) {
                    if (each instanceof ObjectNode volume && volumes.isMine(volume)) {
                        mine.add(volumeRewriter.rewrite(volume));
                    }
                }
                usage.set("Volumes", mine);
            }
            return withoutBuildCache(usage);
        });
    }

    /** An engine says null while its cache is empty: a session's answer is the same before and after others build. */
    static ObjectNode withoutBuildCache(ObjectNode usage) {
        if (usage.has("BuildCache")) {
            usage.set("BuildCache", ApiJson.array());
        }
        if (usage.has("BuilderSize")) {
            usage.put("BuilderSize", 0);
        }
        return usage;
    }

    private ArrayNode mine(JsonNode containers) {
        ArrayNode mine = ApiJson.array();
        for (JsonNode each : containers) {
            if (resolver.isMine(each)) {
                mine.add(each);
            }
        }
        return mine;
    }

    private static CompletionStage<ClientResponse> done(ClientResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    /** As the daemon says it, because docker inspect asks for a plugin when nothing else has the name. */
    private static CompletionStage<ClientResponse> noPlugin(ClientRequest request) {
        throw ApiException.notFound("plugin \"" + request.variable() + "\" not found");
    }
}
