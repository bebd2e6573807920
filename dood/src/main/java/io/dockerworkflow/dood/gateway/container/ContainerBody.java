package io.dockerworkflow.dood.gateway.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.image.ImageLookup;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.NameRules;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.NamedObjects;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.session.SessionLabels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Translates the body of a container's creation from the session's names to the engine's. Also tells which volumes the
 * engine would make on its way, for these would have no label.
 */
public final class ContainerBody {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageLookup lookup;
    private final ClientRequest request;
    private final ObjectNode body;
    private final String logicalName;
    private final List<CompletionStage<?>> pending = new ArrayList<>();

    /** Bodies for {@code POST /volumes/create}, by logical name. */
    private final Map<String, ObjectNode> volumes = new LinkedHashMap<>();

    private final List<String> aliasedNetworks = new ArrayList<>();

    ContainerBody(
            GatewayContext gateway,
            Resolver resolver,
            ImageLookup lookup,
            ClientRequest request,
            ObjectNode body,
            String logicalName) {
        this.gateway = gateway;
        this.lookup = lookup;
        this.resolver = resolver;
        this.request = request;
        this.body = body;
        this.logicalName = logicalName;
    }

    /** Changes the body in place; complete when all references are found. */
    CompletionStage<Void> translate() {
        SessionLabels.add(body, "Labels", gateway.names().labels(logicalName));
        image(body, "Image");
        ObjectNode host = ApiJson.child(body, "HostConfig");
        binds(host);
        mounts(host);
        for (String field : new String[] {"NetworkMode", "IpcMode", "PidMode", "Cgroup"}) {
            containerMode(host, field);
        }
        gateway.settings().cgroupParent().ifPresent(parent -> host.put("CgroupParent", parent));
        references(host, "VolumesFrom");
        references(host, "Links");
        networks(host);
        return CompletableFuture.allOf(
                pending.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }

    /** The volumes that must exist, labelled, before the container. */
    Map<String, ObjectNode> volumes() {
        return volumes;
    }

    /** The engine's names of the networks in which the container's name was made an alias. */
    List<String> aliasedNetworks() {
        return aliasedNetworks;
    }

    private void binds(ObjectNode host) {
        if (!(host.get("Binds") instanceof ArrayNode binds)) {
            return;
        }
        TextFields.texts(binds, bind -> {
            int colon = bind.indexOf(':');
            if (colon <= 0) {
                return bind;
            }
            String source = bind.substring(0, colon);
            String rest = bind.substring(colon);
            if (source.startsWith("/")) {
                return bind; // as the policy has left it
            }
            String driver = ApiJson.text(host, "VolumeDriver");
            ObjectNode volume = ApiJson.object();
            if (!driver.isEmpty()) {
                volume.put("Driver", driver);
            }
            return volume(source, volume) + rest;
        });
    }

    private void mounts(ObjectNode host) {
        for (JsonNode each : host.path("Mounts")) {
            if (!(each instanceof ObjectNode mount)) {
                continue;
            }
            String source = ApiJson.text(mount, "Source");
            switch (ApiJson.text(mount, "Type")) {
                case "volume" -> volumeMount(mount, source);
                case "image" -> image(mount, "Source");
                default -> {
                    // The policy has seen to a bind's source; tmpfs has none, npipe and cluster have no place here.
                }
            }
        }
    }

    private void volumeMount(ObjectNode mount, String source) {
        if (source.isEmpty()) {
            // The engine makes an anonymous volume with these labels.
            SessionLabels.add(
                    ApiJson.child(mount, "VolumeOptions"),
                    "Labels",
                    gateway.names().labels());
            return;
        }
        JsonNode options = mount.path("VolumeOptions");
        ObjectNode volume = ApiJson.object();
        if (options.get("Labels") instanceof ObjectNode labels) {
            volume.set("Labels", labels.deepCopy());
        }
        if (options.get("DriverConfig") instanceof ObjectNode driver) {
            volume.put("Driver", ApiJson.text(driver, "Name"));
            volume.set("DriverOpts", driver.path("Options").deepCopy());
        }
        mount.put("Source", volume(source, volume));
    }

    private String volume(String logical, ObjectNode create) {
        NameRules.requireVolumeName(logical);
        boolean known = gateway.index().volumes().byName(logical).isPresent();
        if (!known) {
            volumes.putIfAbsent(logical, create);
        }
        return resolver.volumeToken(logical);
    }

    private void image(ObjectNode owner, String field) {
        String reference = ApiJson.text(owner, field);
        if (!reference.isEmpty()) {
            later(
                    lookup.engineReference(request, reference),
                    engine -> owner.put(field, gateway.images().asWritten(reference, engine)));
        }
    }

    private void containerMode(ObjectNode host, String field) {
        String value = ApiJson.text(host, field);
        if (value.startsWith("container:")) {
            String reference = value.substring("container:".length());
            later(resolver.containerToken(request, reference), token -> host.put(field, "container:" + token));
        }
    }

    /** {@code name[:rest]} in each element. */
    private void references(ObjectNode owner, String field) {
        if (!(owner.get(field) instanceof ArrayNode array)) {
            return;
        }
        for (int i = 0; i < array.size(); i++) {
            String value = array.get(i).asText("");
            int colon = value.indexOf(':');
            String reference = colon < 0 ? value : value.substring(0, colon);
            // A link without an alias takes the container's name for it, which must be the logical one.
            String rest = colon < 0 ? (field.equals("Links") ? ":" + reference : "") : value.substring(colon);
            int index = i;
            later(
                    resolver.containerToken(request, reference),
                    token -> array.set(index, TextNode.valueOf(token + rest)));
        }
    }

    private void networks(ObjectNode host) {
        String mode = ApiJson.text(host, "NetworkMode");
        boolean named = !mode.isEmpty() && !mode.startsWith("container:");
        if (named) {
            host.put("NetworkMode", resolver.networkToken(mode));
        }
        ObjectNode given = ApiJson.child(ApiJson.child(body, "NetworkingConfig"), "EndpointsConfig");
        ObjectNode translated = ApiJson.object();
        for (String network : ApiJson.names(given)) {
            ObjectNode endpoint = given.get(network) instanceof ObjectNode object ? object : ApiJson.object();
            translated.set(resolver.networkToken(network), endpoint);
            references(endpoint, "Links");
            if (!ApiJson.text(endpoint, "NetworkID").isEmpty()) {
                endpoint.put("NetworkID", resolver.networkToken(ApiJson.text(endpoint, "NetworkID")));
            }
        }
        String main = ApiJson.text(host, "NetworkMode");
        if (named && isUserDefined(main)) {
            ApiJson.child(translated, main);
        }
        for (String network : ApiJson.names(translated)) {
            if (isUserDefined(network)) {
                alias(ApiJson.child(translated, network), network);
            }
        }
        ApiJson.child(body, "NetworkingConfig").set("EndpointsConfig", translated);
    }

    private void alias(ObjectNode endpoint, String network) {
        if (addAlias(endpoint, logicalName)) {
            // Networks are shown by their engine name, whatever the client called them by.
            aliasedNetworks.add(gateway.index()
                    .networks()
                    .byId(network)
                    .map(NamedObjects.Entry::engineName)
                    .orElse(network));
        }
    }

    /** Makes the logical name known to the network's DNS, which else would know the engine's name only. */
    public static boolean addAlias(ObjectNode endpoint, String logicalName) {
        ArrayNode aliases = endpoint.get("Aliases") instanceof ArrayNode array ? array : endpoint.putArray("Aliases");
        for (JsonNode alias : aliases) {
            if (alias.asText("").equals(logicalName)) {
                return false;
            }
        }
        aliases.add(logicalName);
        return true;
    }

    public static boolean isUserDefined(String network) {
        return !network.isEmpty() && !network.equals("default") && !Resolver.isPredefinedNetwork(network);
    }

    private <T> void later(CompletionStage<T> stage, Consumer<T> use) {
        pending.add(stage.thenAccept(use));
    }
}
