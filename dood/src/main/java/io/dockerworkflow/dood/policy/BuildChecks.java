package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Builds, whose options are parameters of the query. */
final class BuildChecks {
    // Those of API 1.24 to 1.51. The engine reads the first value of each, and so do we.
    private static final Set<String> KNOWN = Set.of(
            "dockerfile",
            "t",
            "extrahosts",
            "remote",
            "q",
            "nocache",
            "cachefrom",
            "pull",
            "rm",
            "forcerm",
            "memory",
            "memswap",
            "cpushares",
            "cpusetcpus",
            "cpusetmems",
            "cpuperiod",
            "cpuquota",
            "buildargs",
            "shmsize",
            "squash",
            "labels",
            "networkmode",
            "platform",
            "target",
            "outputs",
            "version",
            "session",
            "buildid",
            "ulimits",
            "cgroupparent",
            "isolation",
            "securityopt",
            "stream",
            "parent",
            "suppressoutput");

    private final Findings findings;

    BuildChecks(Findings findings) {
        this.findings = findings;
    }

    /**
     * Checks the parameters.
     *
     * @return the parameters to set: limits that the client left out
     */
    Map<String, String> check(Set<String> names, Function<String, List<String>> values) throws MalformedBodyException {
        for (String name : names) {
            if (!KNOWN.contains(name) && values.apply(name).stream().anyMatch(value -> !value.isEmpty())) {
                findings.forbid(Rule.UNKNOWN_FIELDS, "query " + name);
            }
        }
        ObjectNode host = JsonNodeFactory.instance.objectNode();
        text(host, "NetworkMode", "networkmode", values);
        text(host, "CgroupParent", "cgroupparent", values);
        text(host, "Isolation", "isolation", values);
        number(host, "Memory", "memory", values);
        number(host, "MemorySwap", "memswap", values);
        number(host, "CpuPeriod", "cpuperiod", values);
        number(host, "CpuQuota", "cpuquota", values);
        json(host, "Ulimits", "ulimits", values);
        json(host, "Labels", "labels", values);
        for (JsonNode ulimit : StrictFields.items(host, "Ulimits")) {
            if (ulimit instanceof ObjectNode object) {
                // The engine reads the fields in any case.
                object.properties().stream()
                        .filter(entry -> Schema.fold(entry.getKey()).equals("name"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .ifPresent(value -> object.set("Name", value));
            }
        }
        values.apply("securityopt").stream()
                .filter(option -> !option.isEmpty())
                .forEach(option -> findings.forbid(Rule.SECURITY_OPTIONS, "query securityopt", option));
        findings.reservedLabels("query labels", host, "Labels");
        new PrivilegeChecks(findings).check(host, "query ");
        new ResourceChecks(findings).created(host, "query ");
        Map<String, String> set = new LinkedHashMap<>();
        if (findings.rules().limits().memory() > 0) {
            set.put("memory", Long.toString(StrictFields.number(host, "Memory")));
        }
        return set;
    }

    private static void text(ObjectNode host, String field, String name, Function<String, List<String>> values) {
        values.apply(name).stream().findFirst().ifPresent(value -> host.put(field, value));
    }

    private static void number(ObjectNode host, String field, String name, Function<String, List<String>> values)
            throws MalformedBodyException {
        String value = values.apply(name).stream().findFirst().orElse("");
        if (!value.isEmpty()) {
            try {
                host.put(field, Long.parseLong(value.strip()));
            } catch (NumberFormatException e) {
                throw MalformedBodyException.invalid("invalid value for " + name + ": " + value);
            }
        }
    }

    private static void json(ObjectNode host, String field, String name, Function<String, List<String>> values)
            throws MalformedBodyException {
        String value = values.apply(name).stream().findFirst().orElse("");
        if (!value.isEmpty()) {
            host.set(field, EngineJson.read(value.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
