package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Networks and the ends that containers have in them. */
final class NetworkChecks {
    private static final String BRIDGE = "com.docker.network.bridge.";
    private static final Set<String> HARMLESS = Set.of(
            BRIDGE + "enable_icc",
            BRIDGE + "enable_ip_masquerade",
            BRIDGE + "inhibit_ipv4",
            "com.docker.network.container_iface_prefix",
            "com.docker.network.container_interface_prefix",
            "com.docker.network.driver.mtu",
            "com.docker.network.enable_ipv4",
            "com.docker.network.enable_ipv6",
            "com.docker.network.internal");
    private static final String BINDING = BRIDGE + "host_binding_ipv4";
    private static final String INTERFACE_NAME = "com.docker.network.endpoint.ifname";

    private final Findings findings;

    NetworkChecks(Findings findings) {
        this.findings = findings;
    }

    /** Checks a body of {@code POST /networks/create}. */
    void create(ObjectNode body) {
        findings.reservedLabels("Labels", body, "Labels");
        String driver = StrictFields.text(body, "Driver");
        if (!driver.isEmpty()) {
            findings.forbid(Rule.NETWORK_DRIVERS, "Driver", driver);
        }
        String addresses = StrictFields.text(body.path("IPAM"), "Driver");
        if (!addresses.isEmpty() && !addresses.equals("default")) {
            findings.forbid(Rule.NETWORK_DRIVERS, "IPAM.Driver", addresses);
        }
        if (StrictFields.isSet(body.get("Ingress"))
                || StrictFields.text(body, "Scope").equalsIgnoreCase("swarm")) {
            findings.forbid(Rule.NETWORK_DRIVERS, "Ingress", "overlay");
        }
        for (Map.Entry<String, JsonNode> option : StrictFields.entries(body, "Options")) {
            // The engine's driver options are exact words, but for this check a wider net costs nothing.
            String value = option.getValue().asText();
            if (option.getKey().equals(BINDING)) {
                findings.forbid(Rule.PUBLISHED_ADDRESSES, "Options." + BINDING, value);
            } else if (!HARMLESS.contains(option.getKey())) {
                findings.forbid(Rule.NETWORK_OPTIONS, "Options", option.getKey());
            }
        }
    }

    /** Checks a body of {@code POST /networks/{id}/connect}. */
    void connect(ObjectNode body) {
        endpoint(body.path("EndpointConfig"), "EndpointConfig");
    }

    /** Checks the networks of a new container. */
    void endpoints(ObjectNode body) {
        for (Map.Entry<String, JsonNode> network :
                StrictFields.entries(body.path("NetworkingConfig"), "EndpointsConfig")) {
            String field = "NetworkingConfig.EndpointsConfig." + network.getKey();
            if (PrivilegeChecks.isHost(network.getKey())
                    || PrivilegeChecks.isHost(StrictFields.text(network.getValue(), "NetworkID"))) {
                findings.forbid(Rule.HOST_NAMESPACES, field, "net");
            }
            endpoint(network.getValue(), field);
        }
    }

    private void endpoint(JsonNode endpoint, String field) {
        for (Map.Entry<String, JsonNode> option : StrictFields.entries(endpoint, "DriverOpts")) {
            if (!option.getKey().equals(INTERFACE_NAME)) {
                findings.forbid(Rule.NETWORK_OPTIONS, field + ".DriverOpts", option.getKey());
            }
        }
    }
}
