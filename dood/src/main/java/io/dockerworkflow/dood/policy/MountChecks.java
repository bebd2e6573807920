package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** What of the host a container mounts: binds in both spellings, and volumes made on the way. */
final class MountChecks {
    private static final Set<String> PRIVATE = Set.of("", "private", "rprivate");
    private static final Set<String> PROPAGATIONS = Set.of("shared", "rshared", "slave", "rslave");

    private final Findings findings;
    private final BindChecks binds;
    private final VolumeChecks volumes;

    MountChecks(Findings findings, HostBinds binds) {
        this.findings = findings;
        this.binds = new BindChecks(findings, binds);
        this.volumes = new VolumeChecks(findings, binds);
    }

    /** Checks the mounts, and puts real paths and the session's socket in place. */
    void check(ObjectNode host, String prefix) {
        if (StrictFields.isSet(host.get("Binds"))) {
            ArrayNode checked = JsonNodeFactory.instance.arrayNode();
            StrictFields.texts(host, "Binds").forEach(bind -> checked.add(bind(bind, prefix + "Binds")));
            host.set("Binds", checked);
        }
        for (JsonNode mount : StrictFields.items(host, "Mounts")) {
            if (mount instanceof ObjectNode object) {
                mount(object, prefix + "Mounts");
            }
        }
        String driver = StrictFields.text(host, "VolumeDriver");
        if (!driver.isEmpty()) {
            findings.forbid(Rule.VOLUME_DRIVERS, prefix + "VolumeDriver", driver);
        }
    }

    private String bind(String bind, String field) {
        int colon = bind.indexOf(':');
        if (colon < 0) {
            return bind;
        }
        String source = bind.substring(0, colon);
        String rest = bind.substring(colon);
        int mode = rest.indexOf(':', 1);
        if (mode > 0) {
            Arrays.stream(rest.substring(mode + 1).split(","))
                    .map(word -> word.strip().toLowerCase(Locale.ROOT))
                    .filter(PROPAGATIONS::contains)
                    .forEach(word -> findings.forbid(Rule.MOUNT_PROPAGATION, field));
        }
        if (!source.startsWith("/")) {
            return bind; // a volume, by name
        }
        return binds.path(source, field).map(path -> path + rest).orElse(bind);
    }

    private void mount(ObjectNode mount, String field) {
        String type = StrictFields.text(mount, "Type");
        switch (type) {
            case "bind" -> {
                if (!PRIVATE.contains(StrictFields.text(mount.path("BindOptions"), "Propagation"))) {
                    findings.forbid(Rule.MOUNT_PROPAGATION, field + ".BindOptions.Propagation");
                }
                binds.path(StrictFields.text(mount, "Source"), field + ".Source")
                        .ifPresent(path -> mount.put("Source", path));
            }
            case "volume" -> {
                JsonNode options = mount.path("VolumeOptions");
                findings.reservedLabels(field + ".VolumeOptions.Labels", options, "Labels");
                if (options.get("DriverConfig") instanceof ObjectNode driver) {
                    volumes.driver(driver, "Name", "Options", field + ".VolumeOptions.DriverConfig.");
                }
            }
            case "tmpfs", "image" -> {}
            default ->
                findings.refuse(
                        Rule.UNKNOWN_FIELDS,
                        field + ".Type",
                        type,
                        "a mount is of type bind, volume, tmpfs or image, written like that");
        }
    }
}
