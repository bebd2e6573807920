package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dockerworkflow.spi.Labels;
import io.dockerworkflow.spi.SessionNames;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Rewrites what the engine says of the session's objects into what their client knows. Changes the trees in place. */
final class LogicalView {
    /** Marks a volume for which the client asked no labels: an engine shows null for its labels, not an empty list. */
    static final String NO_LABELS = Labels.PREFIX + "nolabels";

    private final GatewayContext gateway;

    LogicalView(GatewayContext gateway) {
        this.gateway = gateway;
    }

    private SessionNames names() {
        return gateway.names();
    }

    /** An element of {@code GET /containers/json}. */
    ObjectNode containerSummary(ObjectNode summary) {
        String id = Json.text(summary, "Id");
        if (summary.get("Names") instanceof ArrayNode names) {
            texts(names, this::containerName);
        }
        text(summary, "Image", gateway.images()::toLogical);
        labels(summary, "Labels");
        if (summary.get("HostConfig") instanceof ObjectNode host) {
            text(host, "NetworkMode", this::reference);
        }
        networks(
                summary.path("NetworkSettings"),
                id,
                summary.path("Names").path(0).asText(""));
        mounts(summary);
        return summary;
    }

    /** An answer of {@code GET /containers/NAME/json}. */
    ObjectNode container(ObjectNode container) {
        String id = Json.text(container, "Id");
        text(container, "Name", this::containerName);
        String logical = withoutSlash(Json.text(container, "Name"));
        if (container.get("Config") instanceof ObjectNode config) {
            text(config, "Image", gateway.images()::toLogical);
            labels(config, "Labels");
        }
        if (container.get("HostConfig") instanceof ObjectNode host) {
            hostConfig(host);
        }
        if (container.get("State") instanceof ObjectNode state) {
            // Why the last start failed.
            text(state, "Error", gateway.errors()::rewrite);
        }
        networks(container.path("NetworkSettings"), id, logical);
        mounts(container);
        return container;
    }

    private void hostConfig(ObjectNode host) {
        for (String field : new String[] {"NetworkMode", "IpcMode", "PidMode", "Cgroup"}) {
            text(host, field, this::reference);
        }
        for (String field : new String[] {"VolumesFrom", "Links"}) {
            if (host.get(field) instanceof ArrayNode array) {
                texts(array, this::linkOrReference);
            }
        }
        gateway.settings()
                .cgroupParent()
                .ifPresent(parent -> text(host, "CgroupParent", given -> given.equals(parent) ? "" : given));
        if (host.get("Binds") instanceof ArrayNode binds) {
            texts(binds, this::bind);
        }
        for (JsonNode mount : host.path("Mounts")) {
            if (mount instanceof ObjectNode object) {
                text(object, "Source", this::mountSource);
                if (object.path("VolumeOptions") instanceof ObjectNode options) {
                    labels(options, "Labels");
                    // An anonymous volume's options may have come to be for the labels only.
                    if (Json.text(object, "Source").isEmpty()
                            && options.path("Labels").isEmpty()) {
                        options.remove("Labels");
                        if (options.isEmpty()) {
                            object.remove("VolumeOptions");
                        }
                    }
                }
            }
        }
    }

    /** A name of the engine's, alone, behind "container:", or as an id. */
    private String reference(String value) {
        String head = value.startsWith("container:") ? "container:" : "";
        String name = value.substring(head.length());
        return head + names().logicalName(name).orElse(name);
    }

    /** "/dw-s-web:/dw-s-app/db" and "dw-s-data:ro". */
    private String linkOrReference(String value) {
        StringBuilder out = new StringBuilder(value.length());
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || value.charAt(i) == '/' || value.charAt(i) == ':') {
                String part = value.substring(start, i);
                out.append(names().logicalName(part).orElse(part));
                out.append(value, i, Math.min(i + 1, value.length()));
                start = i + 1;
            }
        }
        return out.toString();
    }

    /** "/dw-s-db", and "/dw-s-app/db" for a link. */
    private String containerName(String value) {
        return linkOrReference(value);
    }

    private String bind(String value) {
        int colon = value.indexOf(':');
        if (colon < 0) {
            return value;
        }
        return mountSource(value.substring(0, colon)) + value.substring(colon);
    }

    private String mountSource(String source) {
        if (source.equals(gateway.socket().toString())) {
            return "/var/run/docker.sock";
        }
        return source.startsWith("/") ? source : names().logicalName(source).orElse(source);
    }

    /** The {@code Mounts} of a container. */
    private void mounts(ObjectNode owner) {
        for (JsonNode each : owner.path("Mounts")) {
            if (each instanceof ObjectNode mount) {
                String engineName = Json.text(mount, "Name");
                Optional<String> logical = names().logicalName(engineName);
                if (logical.isPresent()) {
                    mount.put("Name", logical.get());
                    text(mount, "Source", path -> volumePath(path, engineName, logical.get()));
                } else {
                    text(mount, "Source", this::mountSource);
                }
            }
        }
    }

    private static String volumePath(String path, String engineName, String logical) {
        return path.replace("/" + engineName + "/", "/" + logical + "/");
    }

    /** The {@code Networks} of a container's {@code NetworkSettings}. */
    private void networks(JsonNode settings, String containerId, String containerName) {
        if (!(settings.get("Networks") instanceof ObjectNode networks)) {
            return;
        }
        ObjectNode renamed = Json.object();
        for (String engineName : Json.names(networks)) {
            JsonNode endpoint = networks.get(engineName);
            if (endpoint instanceof ObjectNode object) {
                boolean added = gateway.index().isAliasAdded(containerId, engineName);
                endpoint(object, added ? Optional.of(withoutSlash(containerName)) : Optional.empty());
            }
            renamed.set(names().logicalName(engineName).orElse(engineName), endpoint);
        }
        ((ObjectNode) settings).set("Networks", renamed);
    }

    private void endpoint(ObjectNode endpoint, Optional<String> addedAlias) {
        if (endpoint.get("Aliases") instanceof ArrayNode aliases) {
            addedAlias.ifPresent(alias -> removeFirst(aliases, alias));
            if (aliases.isEmpty()) {
                endpoint.putNull("Aliases");
            }
        }
        if (endpoint.get("DNSNames") instanceof ArrayNode dns) {
            addedAlias.ifPresent(alias -> removeFirst(dns, alias));
            texts(dns, this::reference);
        }
        if (endpoint.get("Links") instanceof ArrayNode links) {
            texts(links, this::linkOrReference);
        }
    }

    private static String withoutSlash(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static void removeFirst(ArrayNode array, String value) {
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).asText("").equals(value)) {
                array.remove(i);
                return;
            }
        }
    }

    /** A network, listed or inspected. */
    ObjectNode network(ObjectNode network) {
        text(network, "Name", name -> names().logicalName(name).orElse(name));
        labels(network, "Labels");
        if (network.get("ConfigFrom") instanceof ObjectNode from) {
            text(from, "Network", this::reference);
        }
        if (network.get("Containers") instanceof ObjectNode containers) {
            for (String id : Json.names(containers)) {
                if (containers.get(id) instanceof ObjectNode container) {
                    String name = Json.text(container, "Name");
                    Optional<String> logical = names().logicalName(name);
                    if (logical.isPresent()) {
                        container.put("Name", logical.get());
                    } else {
                        containers.remove(id);
                    }
                }
            }
        }
        return network;
    }

    /** A volume, listed or inspected. */
    ObjectNode volume(ObjectNode volume) {
        String engineName = Json.text(volume, "Name");
        names().logicalName(engineName).ifPresent(logical -> {
            volume.put("Name", logical);
            text(volume, "Mountpoint", path -> volumePath(path, engineName, logical));
        });
        boolean bare = volume.path("Labels").has(NO_LABELS);
        labels(volume, "Labels");
        if (bare) {
            volume.putNull("Labels");
        }
        return volume;
    }

    /** Removes the labels that only the session knows of. */
    void labels(ObjectNode owner, String field) {
        if (owner.get(field) instanceof ObjectNode labels) {
            for (String name : Json.names(labels)) {
                boolean extra = names().extraLabels().containsKey(name)
                        && labels.path(name)
                                .asText("")
                                .equals(names().extraLabels().get(name));
                if (name.startsWith(Labels.PREFIX) || extra) {
                    labels.remove(name);
                }
            }
        }
    }

    /** The attributes of a stats frame. */
    ObjectNode stats(ObjectNode frame) {
        text(frame, "name", this::containerName);
        return frame;
    }

    static void text(ObjectNode owner, String field, UnaryOperator<String> change) {
        JsonNode node = owner.get(field);
        if (node != null && node.isTextual()) {
            owner.put(field, change.apply(node.textValue()));
        }
    }

    static void texts(ArrayNode array, UnaryOperator<String> change) {
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).isTextual()) {
                array.set(i, TextNode.valueOf(change.apply(array.get(i).textValue())));
            }
        }
    }

    /** Adds labels to those that a client gave. */
    static void addLabels(ObjectNode owner, String field, Map<String, String> labels) {
        JsonNode given = owner.get(field);
        if (given instanceof ObjectNode object) {
            for (String name : Json.names(object)) {
                if (name.startsWith(Labels.PREFIX)) {
                    throw ApiException.badRequest("the label \"" + name + "\" is reserved for the session's gateway");
                }
            }
        }
        ObjectNode all = Json.child(owner, field);
        labels.forEach(all::put);
    }
}
