package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.NamedObjects.Entry;
import io.dockerworkflow.dood.policy.Body;
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
final class ContainerCreation {
    private static final int NAME_ATTEMPTS = 5;

    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageLookup lookup;
    private final VolumeCreation volumes;
    private final AtomicInteger creating = new AtomicInteger();

    ContainerCreation(GatewayContext gateway, Resolver resolver, ImageLookup lookup, VolumeCreation volumes) {
        this.lookup = lookup;
        this.gateway = gateway;
        this.resolver = resolver;
        this.volumes = volumes;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/containers/create", this::create),
                Route.of("POST", "/containers/{name}/rename", this::rename));
    }

    private CompletionStage<Reply> create(Call call) {
        String given = call.query().get("name");
        Optional<String> name = given.isEmpty() ? Optional.empty() : Optional.of(Names.requireContainerName(given));
        creating.incrementAndGet();
        gateway.watch().begin();
        return containers(call)
                .thenCompose(existing -> gateway.gate()
                        .body(
                                call,
                                Body.CONTAINER_CREATE,
                                body -> gateway.gate().policy().containerCreate(body, existing)))
                .thenCompose(body -> attempt(call, body, name, 0))
                .whenComplete((done, failure) -> creating.decrementAndGet());
    }

    /** How many containers the session has, with those that are being made but for this one. */
    private CompletionStage<Integer> containers(Call call) {
        if (!gateway.settings().limitsContainers()) {
            return CompletableFuture.completedFuture(0);
        }
        Filters mine = new Filters().add("label", gateway.label());
        Query query = new Query().set("all", "1").set("filters", mine.encode());
        return call.ask(HttpMethod.GET, "/containers/json", query)
                .thenApply(answer -> answer.orThrow().json().size() + creating.get() - 1);
    }

    private CompletionStage<Reply> attempt(Call call, ObjectNode wanted, Optional<String> given, int attempt) {
        String logical = given.orElseGet(() -> new RandomNames(ThreadLocalRandom.current()).next(attempt));
        ObjectNode body = wanted.deepCopy();
        ContainerBody translation = new ContainerBody(gateway, resolver, lookup, call, body, logical);
        String engineName = gateway.names().engineName(logical);
        return translation
                .translate()
                .thenCompose(ignored -> makeVolumes(call, translation))
                .thenCompose(fresh -> {
                    Births.Birth birth = gateway.births().begin(new Child(Child.Kind.CONTAINER, engineName));
                    Query query = call.query().copy().set("name", engineName);
                    return call.ask(HttpMethod.POST, "/containers/create", query, body)
                            .thenCompose(answer -> made(call, answer, engineName, translation, birth))
                            .whenComplete((done, failure) -> birth.end())
                            .thenCompose(answer -> unmake(call, answer.ok() ? List.of() : fresh)
                                    .thenApply(done -> answer));
                })
                .thenCompose(answer -> {
                    if (answer.status() == 409 && given.isEmpty() && attempt < NAME_ATTEMPTS) {
                        return attempt(call, wanted, given, attempt + 1);
                    }
                    return CompletableFuture.completedFuture(Reply.passed(answer));
                });
    }

    /** The volumes that the engine would make by itself, without a label; returns those that were not there. */
    private CompletionStage<List<String>> makeVolumes(Call call, ContainerBody translation) {
        List<String> fresh = new ArrayList<>();
        CompletionStage<List<String>> all = CompletableFuture.completedFuture(fresh);
        for (Map.Entry<String, ObjectNode> volume : translation.volumes().entrySet()) {
            boolean known = gateway.index().volumes().byName(volume.getKey()).isPresent();
            all = all.thenCompose(ignored -> volumes.make(call, volume.getKey(), volume.getValue()))
                    .thenApply(answer -> {
                        if (!known) {
                            fresh.add(Json.text(answer.orThrow().object(), "Name"));
                        }
                        return fresh;
                    });
        }
        return all;
    }

    /** The engine makes a container's volumes only once nothing else stands against the container. */
    private CompletionStage<Void> unmake(Call call, List<String> fresh) {
        return CompletableFuture.allOf(fresh.stream()
                .map(name -> volumes.unmake(call, name).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<EngineAnswer> made(
            Call call, EngineAnswer answer, String engineName, ContainerBody translation, Births.Birth birth) {
        if (!answer.ok()) {
            return CompletableFuture.completedFuture(answer);
        }
        birth.born();
        String id = Json.text(answer.object(), "Id");
        gateway.index().containerBorn(id, engineName);
        resolver.learnContainer(id, engineName);
        translation.aliasedNetworks().forEach(network -> gateway.index().aliasAdded(id, network));
        return anonymousVolumes(call, id).thenApply(ignored -> answer);
    }

    /** Volumes that the image asks for come to be with the container and carry no label. */
    private CompletionStage<Void> anonymousVolumes(Call call, String id) {
        return call.ask(HttpMethod.GET, "/containers/" + id + "/json").thenAccept(inspected -> {
            if (!inspected.ok()) {
                return;
            }
            for (JsonNode mount : inspected.json().path("Mounts")) {
                String name = Json.text(mount, "Name");
                boolean known = gateway.index().volumes().byEngineName(name).isPresent();
                if (Json.text(mount, "Type").equals("volume") && !name.isEmpty() && !known) {
                    gateway.births().trackUnlabelled(new Child(Child.Kind.VOLUME, name));
                    resolver.learnVolume(name);
                }
            }
        });
    }

    private CompletionStage<Reply> rename(Call call) {
        String name = call.query().get("name");
        if (name.isEmpty()) {
            throw ApiException.badRequest("Neither old nor new names may be empty");
        }
        String logical = Names.requireContainerName(name);
        return resolver.container(call, call.variable()).thenCompose(entry -> {
            String engineName = gateway.names().engineName(logical);
            Query query = call.query().copy().set("name", engineName);
            return call.ask(HttpMethod.POST, "/containers/" + entry.address() + "/rename", query)
                    .thenCompose(answer -> {
                        answer.orThrow();
                        resolver.learnContainer(entry.id(), engineName);
                        return realias(call, entry, logical).thenApply(ignored -> Reply.passed(answer));
                    });
        });
    }

    /**
     * Makes the new name known to the DNS of the container's networks. The engine keeps a connected endpoint's aliases, so
     * that it has to be connected anew.
     */
    private CompletionStage<Void> realias(Call call, Entry before, String logical) {
        return call.ask(HttpMethod.GET, "/containers/" + before.id() + "/json").thenCompose(inspected -> {
            CompletionStage<Void> all = CompletableFuture.completedFuture(null);
            JsonNode networks =
                    inspected.orThrow().json().path("NetworkSettings").path("Networks");
            for (String network : Json.names(networks)) {
                if (ContainerBody.isUserDefined(network) && networks.get(network) instanceof ObjectNode endpoint) {
                    all = all.thenCompose(ignored -> reconnect(call, before, logical, network, endpoint));
                }
            }
            return all;
        });
    }

    private CompletionStage<Void> reconnect(
            Call call, Entry before, String logical, String network, ObjectNode endpoint) {
        ObjectNode config = Json.object();
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
        String path = "/networks/" + Percent.encodePath(network);
        ObjectNode disconnect = Json.object().put("Container", before.id());
        ObjectNode connect = Json.object().put("Container", before.id());
        connect.set("EndpointConfig", config);
        return call.ask(HttpMethod.POST, path + "/disconnect", new Query(), disconnect)
                .thenCompose(gone -> call.ask(HttpMethod.POST, path + "/connect", new Query(), connect))
                .thenAccept(EngineAnswer::orThrow);
    }
}
