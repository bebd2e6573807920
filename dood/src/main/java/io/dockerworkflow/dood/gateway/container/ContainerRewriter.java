package io.dockerworkflow.dood.gateway.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.SessionLabels;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.Optional;

/** Rewrites what the engine says of the session's containers into what their client knows. Changes the trees in place. */
public final class ContainerRewriter {
    private final GatewayContext gateway;
    private final SessionLabels labels;

    public ContainerRewriter(GatewayContext gateway) {
        this.gateway = gateway;
        this.labels = new SessionLabels(gateway.names());
    }

    private SessionNames names() {
        return gateway.names();
    }

    /** An element of {@code GET /containers/json}. */
    public ObjectNode summary(ObjectNode summary) {
        String id = ApiJson.text(summary, "Id");
        if (summary.get("Names") instanceof ArrayNode names) {
            TextFields.texts(names, this::containerName);
        }
        TextFields.text(summary, "Image", gateway.images()::toLogical);
        labels.remove(summary, "Labels");
        if (summary.get("HostConfig") instanceof ObjectNode host) {
            TextFields.text(host, "NetworkMode", this::reference);
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
        String id = ApiJson.text(container, "Id");
        TextFields.text(container, "Name", this::containerName);
        String logical = withoutSlash(ApiJson.text(container, "Name"));
        if (container.get("Config") instanceof ObjectNode config) {
            TextFields.text(config, "Image", gateway.images()::toLogical);
            labels.remove(config, "Labels");
        }
        if (container.get("HostConfig") instanceof ObjectNode host) {
            hostConfig(host);
        }
        if (container.get("State") instanceof ObjectNode state) {
            // Why the last start failed.
            TextFields.text(state, "Error", gateway.messages()::rewrite);
        }
        networks(container.path("NetworkSettings"), id, logical);
        mounts(container);
        return container;
    }

    private void hostConfig(ObjectNode host) {
        for (String field : new String[] {"NetworkMode", "IpcMode", "PidMode", "Cgroup"}) {
            TextFields.text(host, field, this::reference);
        }
        for (String field : new String[] {"VolumesFrom", "Links"}) {
            if (host.get(field) instanceof ArrayNode array) {
                TextFields.texts(array, this::linkOrReference);
            }
        }
        gateway.settings()
                .cgroupParent()
                .ifPresent(parent -> TextFields.text(host, "CgroupParent", given -> given.equals(parent) ? "" : given));
        if (host.get("Binds") instanceof ArrayNode binds) {
            TextFields.texts(binds, this::bind);
        }
        for (JsonNode mount : host.path("Mounts")) {
            if (mount instanceof ObjectNode object) {
                TextFields.text(object, "Source", this::mountSource);
                if (object.path("VolumeOptions") instanceof ObjectNode options) {
                    labels.remove(options, "Labels");
                    // An anonymous volume's options may have come to be for the labels only.
                    if (ApiJson.text(object, "Source").isEmpty()
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
                String engineName = ApiJson.text(mount, "Name");
                Optional<String> logical = names().logicalName(engineName);
                if (logical.isPresent()) {
                    mount.put("Name", logical.get());
                    TextFields.text(mount, "Source", path -> TextFields.directory(path, engineName, logical.get()));
                } else {
                    TextFields.text(mount, "Source", this::mountSource);
                }
            }
        }
    }

    /** The {@code Networks} of a container's {@code NetworkSettings}. */
    private void networks(JsonNode settings, String containerId, String containerName) {
        if (!(settings.get("Networks") instanceof ObjectNode networks)) {
            return;
        }
        ObjectNode renamed = ApiJson.object();
        for (String engineName : ApiJson.names(networks)) {
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
            TextFields.texts(dns, this::reference);
        }
        if (endpoint.get("Links") instanceof ArrayNode links) {
            TextFields.texts(links, this::linkOrReference);
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

    /** The attributes of a stats frame. */
    ObjectNode stats(ObjectNode frame) {
        TextFields.text(frame, "name", this::containerName);
        return frame;
    }
}
