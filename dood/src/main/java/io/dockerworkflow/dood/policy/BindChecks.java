package io.dockerworkflow.dood.policy;

import io.dockerworkflow.dood.policy.HostBinds.Source;
import java.util.Optional;

/** Paths of the host, wherever a request names one to be mounted. */
final class BindChecks {
    private final Findings findings;
    private final HostBinds binds;

    BindChecks(Findings findings, HostBinds binds) {
        this.findings = findings;
        this.binds = binds;
    }

    /** The path to mount in place of the source; empty if it is refused or stays as it is. */
    Optional<String> path(String source, String field) {
        Source decided = binds.resolve(source, findings.rules());
        if (decided instanceof Source.Mount mount) {
            return mount.hostPath().equals(source) ? Optional.empty() : Optional.of(mount.hostPath());
        }
        if (decided instanceof Source.Impossible impossible) {
            findings.refuse(Rule.HOST_PATHS, field, source, impossible.reason());
        } else {
            findings.refuse(Rule.HOST_PATHS, field, source, Rule.HOST_PATHS.reason());
        }
        return Optional.empty();
    }
}
