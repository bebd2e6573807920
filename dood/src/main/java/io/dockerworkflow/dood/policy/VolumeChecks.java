package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Volumes: the driver, and what the local driver would mount. */
final class VolumeChecks {
    private static final Set<String> LOCAL_OPTIONS = Set.of("type", "o", "device", "size");
    private static final Set<String> PROPAGATION =
            Set.of("shared", "rshared", "slave", "rslave", "unbindable", "runbindable", "remount", "move");

    private final Findings findings;
    private final BindChecks binds;

    VolumeChecks(Findings findings, HostBinds binds) {
        this.findings = findings;
        this.binds = new BindChecks(findings, binds);
    }

    /** Checks a body of {@code POST /volumes/create}. */
    void create(ObjectNode body) {
        findings.reservedLabels("Labels", body, "Labels");
        driver(body, "Driver", "DriverOpts", "");
        if (StrictFields.isSet(body.get("ClusterVolumeSpec"))) {
            findings.forbid(Rule.VOLUME_DRIVERS, "ClusterVolumeSpec", "cluster");
        }
    }

    /** Checks driver and options in these fields of the node, and puts the real path of a bind in place. */
    void driver(ObjectNode node, String nameField, String optionsField, String prefix) {
        String name = StrictFields.text(node, nameField);
        if (!name.isEmpty()) {
            findings.forbid(Rule.VOLUME_DRIVERS, prefix + nameField, name);
        }
        if ((name.isEmpty() || name.equals("local")) && node.get(optionsField) instanceof ObjectNode options) {
            local(options, prefix + optionsField);
        }
    }

    private void local(ObjectNode options, String field) {
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            if (!LOCAL_OPTIONS.contains(option.getKey()) && !findings.rules().allows(Rule.UNKNOWN_FIELDS)) {
                findings.forbid(Rule.UNKNOWN_FIELDS, field + "." + option.getKey());
            }
        }
        String device = StrictFields.text(options, "device");
        List<String> words = Arrays.stream(StrictFields.text(options, "o").split(","))
                .map(String::strip)
                .toList();
        if (words.contains("bind") || words.contains("rbind")) {
            // Whatever the type says: the kernel does not look at it.
            binds.path(device, field + ".device").ifPresent(path -> options.put("device", path));
            if (words.stream().anyMatch(PROPAGATION::contains)) {
                findings.forbid(Rule.MOUNT_PROPAGATION, field + ".o");
            }
        } else {
            String type = StrictFields.text(options, "type");
            if (!(type.isEmpty() && device.isEmpty())) {
                findings.forbid(Rule.VOLUME_TYPES, field + ".type", type.isEmpty() ? "none" : type);
            }
        }
    }
}
