package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;

/** Limits, and what would let a container win over the host's own processes. */
final class ResourceChecks {
    private static final long DEFAULT_CPU_PERIOD = 100_000;
    private static final Set<String> PRIORITY_ULIMITS = Set.of("rtprio", "rttime", "nice");

    private final Findings findings;
    private final Limits limits;

    ResourceChecks(Findings findings) {
        this.findings = findings;
        this.limits = findings.rules().limits();
    }

    /** Checks a new container, and gives it the limits where it names none. */
    void created(ObjectNode host, String prefix) {
        common(host, prefix);
        applyDefaults(host);
        if (StrictFields.number(host, "OomScoreAdj") < 0) {
            findings.forbid(Rule.HOST_PRIORITY, prefix + "OomScoreAdj");
        }
    }

    /** Checks a change; what it leaves out stays as it is. */
    void updated(ObjectNode host) {
        common(host, "");
    }

    private void common(ObjectNode host, String prefix) {
        atMost(host, prefix, "Memory", limits.memory(), "bytes");
        // Memory and swap together; -1 is unlimited swap.
        if (limits.memory() > 0 && StrictFields.number(host, "MemorySwap") < 0) {
            findings.refuse(Rule.LIMITS, prefix + "MemorySwap", "-1", "memory is limited, so swap must be");
        }
        atMost(host, prefix, "MemorySwap", Math.multiplyExact(limits.memory(), 2), "bytes");
        atMost(host, prefix, "PidsLimit", limits.pids(), "processes");
        if (limits.pids() > 0 && StrictFields.number(host, "PidsLimit") < 0) {
            findings.refuse(Rule.LIMITS, prefix + "PidsLimit", "-1", "at most " + limits.pids() + " processes");
        }
        atMost(host, prefix, "NanoCpus", limits.nanoCpus(), "billionths of a CPU");
        cpuQuota(host, prefix);
        for (String field : new String[] {"OomKillDisable", "CpuRealtimePeriod", "CpuRealtimeRuntime"}) {
            if (StrictFields.isSet(host.get(field))) {
                findings.forbid(Rule.HOST_PRIORITY, prefix + field);
            }
        }
        for (JsonNode ulimit : StrictFields.items(host, "Ulimits")) {
            if (PRIORITY_ULIMITS.contains(StrictFields.text(ulimit, "Name").toLowerCase(Locale.ROOT))) {
                findings.forbid(Rule.HOST_PRIORITY, prefix + "Ulimits");
            }
        }
    }

    private void atMost(ObjectNode host, String prefix, String field, long limit, String unit) {
        long asked = StrictFields.number(host, field);
        if (limit > 0 && asked > limit) {
            findings.refuse(Rule.LIMITS, prefix + field, Long.toString(asked), "at most " + limit + " " + unit);
        }
    }

    private void cpuQuota(ObjectNode host, String prefix) {
        long quota = StrictFields.number(host, "CpuQuota");
        if (limits.nanoCpus() == 0
                || !StrictFields.isSet(host.get("CpuQuota")) && !StrictFields.isSet(host.get("CpuPeriod"))) {
            return;
        }
        long period = StrictFields.number(host, "CpuPeriod");
        BigDecimal allowed = BigDecimal.valueOf(limits.nanoCpus(), 9)
                .multiply(BigDecimal.valueOf(period == 0 ? DEFAULT_CPU_PERIOD : period));
        // A negative quota is none, and a period alone would stretch or shrink a quota that was set before.
        if (quota <= 0 || BigDecimal.valueOf(quota).compareTo(allowed) > 0) {
            findings.refuse(
                    Rule.LIMITS,
                    prefix + "CpuQuota",
                    Long.toString(quota),
                    "at most "
                            + BigDecimal.valueOf(limits.nanoCpus(), 9)
                                    .stripTrailingZeros()
                                    .toPlainString() + " CPUs");
        }
    }

    private void applyDefaults(ObjectNode host) {
        if (limits.memory() > 0 && !StrictFields.isSet(host.get("Memory"))) {
            host.put("Memory", limits.memory());
        }
        if (limits.pids() > 0 && !StrictFields.isSet(host.get("PidsLimit"))) {
            host.put("PidsLimit", limits.pids());
        }
        if (limits.nanoCpus() > 0
                && !StrictFields.isSet(host.get("NanoCpus"))
                && !StrictFields.isSet(host.get("CpuQuota"))) {
            host.put("NanoCpus", limits.nanoCpus());
        }
    }
}
