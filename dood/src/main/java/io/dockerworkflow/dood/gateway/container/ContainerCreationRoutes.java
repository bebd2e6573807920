package io.dockerworkflow.dood.gateway.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.image.ImageLookup;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.NameRules;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.ChildRegistry;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.session.VolumeCreation;
import io.dockerworkflow.dood.policy.RequestKind;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** How containers come to be, and how they get another name. */
public final class ContainerCreationRoutes {
    private static final int NAME_ATTEMPTS = 5;

    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageLookup lookup;
    private final VolumeCreation volumes;
    private final AtomicInteger creating = new AtomicInteger();

    public ContainerCreationRoutes(
            GatewayContext gateway, Resolver resolver, ImageLookup lookup, VolumeCreation volumes) {
        this.lookup = lookup;
        this.gateway = gateway;
        this.resolver = resolver;
        this.volumes = volumes;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/containers/create", this::create),
                Route.of("POST", "/containers/{name}/rename", this::rename));
    }

    private CompletionStage<ClientResponse> create(ClientRequest request) {
        String given = request.query().get("name");
        Optional<String> name = given.isEmpty() ? Optional.empty() : Optional.of(NameRules.requireContainerName(given));
        creating.incrementAndGet();
        gateway.engineEvents().begin();
        return containers(request)
                .thenCompose(existing -> gateway.gate()
                        .body(
                                request,
                                RequestKind.CONTAINER_CREATE,
                                body -> gateway.gate().policy().containerCreate(body, existing)))
                .thenCompose(body -> attempt(request, body, name, 0))
                .whenComplete((done, failure) -> creating.decrementAndGet());
    }

    /** How many containers the session has, with those that are being made but for this one. */
    private CompletionStage<Integer> containers(ClientRequest request) {
        if (!gateway.settings().limitsContainers()) {
            return CompletableFuture.completedFuture(0);
        }
        Filters mine = new Filters().add("label", gateway.label());
        Query query = new Query().set("all", "1").set("filters", mine.encode());
        return request.ask(HttpMethod.GET, "/containers/json", query)
                .thenApply(response -> response.orThrow().json().size() + creating.get() - 1);
    }

    private CompletionStage<ClientResponse> attempt(
            ClientRequest request, ObjectNode wanted, Optional<String> given, int attempt) {
        String logical = given.orElseGet(() -> new RandomNames(ThreadLocalRandom.current()).next(attempt));
        ObjectNode body = wanted.deepCopy();
        ContainerBody translation = new ContainerBody(gateway, resolver, lookup, request, body, logical);
        String engineName = gateway.names().engineName(logical);
        return translation
                .translate()
                .thenCompose(ignored -> makeVolumes(request, translation))
                .thenCompose(fresh -> {
                    ChildRegistry.Announcement announcement =
                            gateway.children().announce(new Child(Child.Kind.CONTAINER, engineName));
                    Query query = request.query().copy().set("name", engineName);
                    return request.ask(HttpMethod.POST, "/containers/create", query, body)
                            .thenCompose(response -> made(request, response, engineName, translation, announcement))
                            .whenComplete((done, failure) -> announcement.end())
                            .thenCompose(response -> unmake(request, response.ok() ? List.of() : fresh)
                                    .thenApply(done -> response));
                })
                .thenCompose(response -> {
                    if (response.status() == 409 && given.isEmpty() && attempt < NAME_ATTEMPTS) {
                        return attempt(request, wanted, given, attempt + 1);
                    }
                    return CompletableFuture.completedFuture(ClientResponse.passed(response));
                });
    }

    /** The volumes that the engine would make by itself, without a label; returns those that were not there. */
    private CompletionStage<List<String>> makeVolumes(ClientRequest request, ContainerBody translation) {
        List<String> fresh = new ArrayList<>();
        CompletionStage<List<String>> all = CompletableFuture.completedFuture(fresh);
        for (Map.Entry<String, ObjectNode> volume : translation.volumes().entrySet()) {
            boolean known = gateway.index().volumes().byName(volume.getKey()).isPresent();
            all = all.thenCompose(ignored -> volumes.make(request, volume.getKey(), volume.getValue()))
                    .thenApply(response -> {
                        if (!known) {
                            fresh.add(ApiJson.text(response.orThrow().object(), "Name"));
                        }
                        return fresh;
                    });
        }
        return all;
    }

    /** The engine makes a container's volumes only once nothing else stands against the container. */
    private CompletionStage<Void> unmake(ClientRequest request, List<String> fresh) {
        return CompletableFuture.allOf(fresh.stream()
                .map(name -> volumes.unmake(request, name).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<EngineResponse> made(
            ClientRequest request,
            EngineResponse response,
            String engineName,
            ContainerBody translation,
            ChildRegistry.Announcement announcement) {
        if (!response.ok()) {
            return CompletableFuture.completedFuture(response);
        }
        announcement.created();
        String id = ApiJson.text(response.object(), "Id");
        gateway.index().containerBorn(id, engineName);
        resolver.learnContainer(id, engineName);
        translation.aliasedNetworks().forEach(network -> gateway.index().aliasAdded(id, network));
        return anonymousVolumes(request, id).thenApply(ignored -> response);
    }

    /** Volumes that the image asks for come to be with the container and carry no label. */
    private CompletionStage<Void> anonymousVolumes(ClientRequest request, String id) {
        return request.ask(HttpMethod.GET, "/containers/" + id + "/json").thenAccept(inspected -> {
            if (!inspected.ok()) {
                return;
            }
            for (JsonNode mount : inspected.json().path("Mounts")) {
                String name = ApiJson.text(mount, "Name");
                boolean known = gateway.index().volumes().byEngineName(name).isPresent();
                if (ApiJson.text(mount, "Type").equals("volume") && !name.isEmpty() && !known) {
                    gateway.children().trackUnlabelled(new Child(Child.Kind.VOLUME, name));
                    resolver.learnVolume(name);
                }
            }
        });
    }

    private CompletionStage<ClientResponse> rename(ClientRequest request) {
        String name = request.query().get("name");
        if (name.isEmpty()) {
            throw ApiException.badRequest("Neither old nor new names may be empty");
        }
        String logical = NameRules.requireContainerName(name);
        return resolver.container(request, request.variable()).thenCompose(entry -> {
            String engineName = gateway.names().engineName(logical);
            Query query = request.query().copy().set("name", engineName);
            return request.ask(HttpMethod.POST, "/containers/" + entry.address() + "/rename", query)
                    .thenCompose(response -> {
                        response.orThrow();
                        resolver.learnContainer(entry.id(), engineName);
                        return realias(request, entry, logical).thenApply(ignored -> ClientResponse.passed(response));
                    });
        });
    }

    /**
     * Makes the new name known to the DNS of the container's networks. The engine keeps a connected endpoint's aliases, so
     * that it has to be connected anew.
     */
    private CompletionStage<Void> realias(ClientRequest request, Entry before, String logical) {
        return request.ask(HttpMethod.GET, "/containers/" + before.id() + "/json")
                .thenCompose(inspected -> {
                    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
                    JsonNode networks =
                            inspected.orThrow().json().path("NetworkSettings").path("Networks");
                    for (String network : ApiJson.names(networks)) {
                        if (ContainerBody.isUserDefined(network)
                                && networks.get(network) instanceof ObjectNode endpoint) {
                            all = all.thenCompose(ignored -> reconnect(request, before, logical, network, endpoint));
                        }
                    }
                    return all;
                });
    }

    private CompletionStage<Void> reconnect(
            ClientRequest request, Entry before, String logical, String network, ObjectNode endpoint) {
        ObjectNode config = ApiJson.object();
        for (String field : new String[] {"IPAMConfig", "Links", "DriverOpts", "GwPriority"}) {
            if (endpoint.hasNonNull(field)) {
                config.set(field, endpoint.get(field));
            }
        }
        var aliases = config.putArray("Aliases");
        boolean added = gateway.index().isAliasAdded(before.id(), network);
        for (JsonNode alias : endpoint.path("Aliases")) {
            String text = alias.asText("");
            boolean ours = added && text.equals(before.logicalName());
            if (!ours && !before.id().startsWith(text)) {
                aliases.add(text);
            }
        }
        gateway.index().aliasGone(before.id(), network);
        if (ContainerBody.addAlias(config, logical)) {
            gateway.index().aliasAdded(before.id(), network);
        }
        String path = "/networks/" + PercentEncoding.encodePath(network);
        ObjectNode disconnect = ApiJson.object().put("Container", before.id());
        ObjectNode connect = ApiJson.object().put("Container", before.id());
        connect.set("EndpointConfig", config);
        return request.ask(HttpMethod.POST, path + "/disconnect", new Query(), disconnect)
                .thenCompose(gone -> request.ask(HttpMethod.POST, path + "/connect", new Query(), connect))
                .thenAccept(EngineResponse::orThrow);
    }
}
