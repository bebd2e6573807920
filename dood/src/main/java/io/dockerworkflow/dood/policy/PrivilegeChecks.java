package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What makes a container more than a container: rights, namespaces, confinement, devices, runtimes. */
final class PrivilegeChecks {
    // Go compares these without trimming or folding; folding here refuses what the engine would refuse anyway.
    private static final Map<String, String> NAMESPACES = Map.of(
            "PidMode", "pid",
            "NetworkMode", "net",
            "IpcMode", "ipc",
            "UTSMode", "uts",
            "UsernsMode", "user",
            "CgroupnsMode", "cgroup");

    private static final Set<String> OWN_NAMESPACES = Set.of("", "private", "shareable", "none");

    private final Findings findings;

    PrivilegeChecks(Findings findings) {
        this.findings = findings;
    }

    void check(ObjectNode host, String prefix) {
        if (StrictFields.isSet(host.get("Privileged"))) {
            findings.forbid(Rule.PRIVILEGED, prefix + "Privileged");
        }
        for (String capability : StrictFields.texts(host, "CapAdd")) {
            findings.forbid(Rule.CAPABILITIES, prefix + "CapAdd", capability(capability));
        }
        NAMESPACES.forEach((field, namespace) -> {
            String mode = StrictFields.text(host, field);
            if (isHost(mode)) {
                findings.forbid(Rule.HOST_NAMESPACES, prefix + field, namespace);
            } else if (!field.equals("NetworkMode")
                    && !mode.startsWith("container:")
                    && !OWN_NAMESPACES.contains(mode)) {
                // What other engines make of it, as Podman of "ns:/proc/1/ns/pid".
                findings.forbid(Rule.HOST_NAMESPACES, prefix + field, mode);
            }
        });
        for (String option : StrictFields.texts(host, "SecurityOpt")) {
            findings.forbid(Rule.SECURITY_OPTIONS, prefix + "SecurityOpt", securityOption(option));
        }
        // Present and empty unmasks everything; only absent or null means the engine's defaults.
        for (String field : new String[] {"MaskedPaths", "ReadonlyPaths"}) {
            if (StrictFields.isPresent(host.get(field))
                    && !findings.rules().allows(Rule.SECURITY_OPTIONS, "systempaths=unconfined")) {
                findings.refuse(
                        Rule.SECURITY_OPTIONS,
                        prefix + field,
                        "systempaths=unconfined",
                        "paths of /proc and /sys would be unmasked");
            }
        }
        runtime(host, prefix);
        devices(host, prefix);
        sysctls(host, prefix);
    }

    /** What container create and update share. */
    void devices(ObjectNode host, String prefix) {
        for (JsonNode device : StrictFields.items(host, "Devices")) {
            findings.forbid(Rule.DEVICES, prefix + "Devices", StrictFields.text(device, "PathOnHost"));
        }
        for (String deviceRule : StrictFields.texts(host, "DeviceCgroupRules")) {
            findings.forbid(Rule.DEVICES, prefix + "DeviceCgroupRules", deviceRule);
        }
        if (StrictFields.isSet(host.get("DeviceRequests"))) {
            findings.forbid(Rule.DEVICE_REQUESTS, prefix + "DeviceRequests");
        }
        String parent = StrictFields.text(host, "CgroupParent");
        if (!parent.isEmpty()) {
            findings.forbid(Rule.CGROUP_PARENTS, prefix + "CgroupParent", parent);
        }
    }

    private void runtime(ObjectNode host, String prefix) {
        String runtime = StrictFields.text(host, "Runtime");
        if (!runtime.isEmpty()) {
            findings.forbid(Rule.RUNTIMES, prefix + "Runtime", runtime);
        }
        String isolation = StrictFields.text(host, "Isolation").toLowerCase(Locale.ROOT);
        if (!isolation.isEmpty() && !isolation.equals("default")) {
            findings.forbid(Rule.RUNTIMES, prefix + "Isolation", isolation);
        }
        if (StrictFields.isSet(host.get("Annotations"))) {
            findings.forbid(Rule.ANNOTATIONS, prefix + "Annotations");
        }
        String logDriver = StrictFields.text(host.path("LogConfig"), "Type");
        if (!logDriver.isEmpty()) {
            findings.forbid(Rule.LOG_DRIVERS, prefix + "LogConfig.Type", logDriver);
        }
    }

    private void sysctls(ObjectNode host, String prefix) {
        Set<Map.Entry<String, JsonNode>> sysctls = StrictFields.entries(host, "Sysctls");
        for (Map.Entry<String, JsonNode> sysctl : sysctls) {
            findings.forbid(Rule.SYSCTLS, prefix + "Sysctls", sysctl.getKey());
        }
    }

    static boolean isHost(String mode) {
        return mode.strip().equalsIgnoreCase("host");
    }

    /** As the engine reads it: {@code cap_sys_admin} is {@code SYS_ADMIN}. */
    private static String capability(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        return upper.startsWith("CAP_") ? upper.substring("CAP_".length()) : upper;
    }

    /** With the older separator written as the newer one, and the one value that is allowed in all its spellings. */
    private static String securityOption(String option) {
        int separator = option.indexOf('=') < 0 ? option.indexOf(':') : option.indexOf('=');
        if (separator < 0) {
            return option;
        }
        String name = option.substring(0, separator);
        String value = option.substring(separator + 1);
        return name.equals("no-new-privileges") && value.equals("true") ? name : name + "=" + value;
    }
}
