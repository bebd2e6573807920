package io.dockerworkflow.examples.cli;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.DockerWorkflows;
import io.dockerworkflow.Mode;
import io.dockerworkflow.dind.DindWorkflow;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.SessionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what session to open. */
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class SessionSettings {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-m", "--mode"},
            required = true,
            paramLabel = "MODE",
            description =
                    "dood: a view of its own on the engine; dind: a daemon of its own; fatimage: no Docker, the tools"
                            + " are in the image.")
    private String mode;

    /** What the containers of a DooD session may do to the host. */
    enum Policy {
        guarded,
        trusted
    }

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description =
                    "dood: ${COMPLETION-CANDIDATES}: what containers may do to this machine. guarded, the default: what"
                            + " an ordinary container may; trusted: all that the engine allows, which is root.")
    private Optional<Policy> policy;

    @Option(
            names = "--allow",
            paramLabel = "RULE[=VALUE]",
            description = "dood: allow what this rule of the guarded policy refuses, or only this value, as --allow"
                    + " host-paths=/srv/cache. Refusals name the rule. May be repeated.")
    private List<String> allowed = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "IMAGE",
            description = "dind: copy this image from the engine into the daemon first. May be repeated.")
    private List<String> seeds = new ArrayList<>();

    @Option(
            names = "--daemon-image",
            paramLabel = "IMAGE",
            description = "dind: run the daemon in this image instead of docker:dind.")
    private String daemonImage = "";

    @Option(
            names = "--cache",
            paramLabel = "NAME",
            description = "dind: keep the daemon's images in a volume of this name, for the next session.")
    private String cache = "";

    @Option(names = "--rootless", description = "dind: a daemon that is not root on the machine.")
    private boolean rootless;

    @Option(names = "--privileged", description = "dind: consent to a privileged daemon, which is root on the machine.")
    private boolean privileged;

    String mode() {
        return mode;
    }

    boolean is(Mode which) {
        return which.id().equals(mode);
    }

    /** The workflow that the options describe. */
    DockerWorkflow workflow() {
        if (!is(Mode.DIND)) {
            refuse(!seeds.isEmpty(), "--seed", Mode.DIND);
            refuse(!daemonImage.isEmpty(), "--daemon-image", Mode.DIND);
            refuse(!cache.isEmpty(), "--cache", Mode.DIND);
            refuse(rootless, "--rootless", Mode.DIND);
            refuse(privileged, "--privileged", Mode.DIND);
        }
        if (!is(Mode.DOOD)) {
            refuse(policy.isPresent(), "--policy", Mode.DOOD);
            refuse(!allowed.isEmpty(), "--allow", Mode.DOOD);
        }
        if (is(Mode.DOOD)) {
            return dood();
        }
        return is(Mode.DIND) ? dind() : DockerWorkflows.named(mode);
    }

    private DoodWorkflow dood() {
        boolean trusted = policy.filter(Policy.trusted::equals).isPresent();
        SessionPolicy rules = trusted ? SessionPolicy.trusted() : SessionPolicy.guarded();
        for (String rule : allowed) {
            rules = allow(rules, rule);
        }
        return DoodWorkflow.create().policy(rules);
    }

    private SessionPolicy allow(SessionPolicy rules, String rule) {
        int equals = rule.indexOf('=');
        try {
            return equals < 0 ? rules.allow(rule) : rules.allow(rule.substring(0, equals), rule.substring(equals + 1));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private DindWorkflow dind() {
        DindWorkflow dind = DindWorkflow.create().seed(seeds.toArray(String[]::new));
        if (!daemonImage.isEmpty()) {
            dind = dind.image(daemonImage);
        }
        if (!cache.isEmpty()) {
            dind = dind.cache(cache);
        }
        if (rootless && privileged) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "--rootless and --privileged exclude each other");
        }
        if (rootless) {
            return dind.rootless();
        }
        return privileged ? dind.privileged() : dind;
    }

    private void refuse(boolean given, String option, Mode only) {
        if (given) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), option + " is for mode " + only.id() + " only, not for mode " + mode);
        }
    }
}
