package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** On which of the host's addresses ports are published. */
final class PublishChecks {
    private final Findings findings;

    PublishChecks(Findings findings) {
        this.findings = findings;
    }

    /** Checks the bindings, and fills in the address where the client leaves it to the engine. */
    void check(ObjectNode host, String prefix) {
        Optional<String> address = findings.rules().publishOn();
        if (StrictFields.isSet(host.get("PublishAllPorts"))
                && address.isPresent()
                && !findings.rules().allows(Rule.PUBLISHED_ADDRESSES, "0.0.0.0")) {
            // Which ports these are is known to the image, and the engine takes no address for them.
            findings.refuse(
                    Rule.PUBLISHED_ADDRESSES,
                    prefix + "PublishAllPorts",
                    "0.0.0.0",
                    "the image's ports would be open beyond this host; publish them one by one");
        }
        for (Map.Entry<String, JsonNode> port : StrictFields.entries(host, "PortBindings")) {
            // Null or an empty list publishes the port too, at an address and port of the engine's choice.
            if (!StrictFields.isSet(port.getValue())) {
                address.ifPresent(value -> ((ObjectNode) host.get("PortBindings"))
                        .putArray(port.getKey())
                        .addObject()
                        .put("HostIp", value)
                        .put("HostPort", ""));
            }
            for (JsonNode binding : port.getValue()) {
                binding(binding, prefix + "PortBindings." + port.getKey() + ".HostIp", address);
            }
        }
    }

    private void binding(JsonNode binding, String field, Optional<String> address) {
        String ip = StrictFields.text(binding, "HostIp");
        if (!ip.isEmpty()) {
            findings.forbid(Rule.PUBLISHED_ADDRESSES, field, ip);
        } else if (binding instanceof ObjectNode object) {
            address.ifPresent(value -> object.put("HostIp", value));
        } else if (address.isPresent()) {
            findings.forbid(Rule.PUBLISHED_ADDRESSES, field, "0.0.0.0");
        }
    }
}
