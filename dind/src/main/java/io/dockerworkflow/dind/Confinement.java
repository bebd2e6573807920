package io.dockerworkflow.dind;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns {@link Rights} into what an engine is asked for. */
final class Confinement {
    /**
     * Written out, and all others dropped, so that they do not depend on what an engine grants by default. SYS_PTRACE, within
     * the container's own processes, is what an engine 28 inside mounts the network of a container by whose user is not root.
     */
    static final List<Capability> CAPABILITIES = List.of(
            Capability.AUDIT_WRITE,
            Capability.CHOWN,
            Capability.DAC_OVERRIDE,
            Capability.FOWNER,
            Capability.FSETID,
            Capability.KILL,
            Capability.MKNOD,
            Capability.NET_ADMIN,
            Capability.NET_BIND_SERVICE,
            Capability.NET_RAW,
            Capability.SETFCAP,
            Capability.SETGID,
            Capability.SETPCAP,
            Capability.SETUID,
            Capability.SYS_ADMIN,
            Capability.SYS_CHROOT,
            Capability.SYS_PTRACE);

    private Confinement() {}

    static HostConfig hostConfig(Rights rights, Info engine) {
        HostConfig config = (rights == Rights.ROOTLESS ? new UnmaskedHostConfig() : new HostConfig())
                // Reaps the shims that the daemon leaves to process 1.
                .withInit(true)
                // With /proc/sys read-only the daemon cannot turn it on where the machine has it off.
                .withSysctls(Map.of("net.ipv4.ip_forward", "1"));
        return switch (rights) {
            case PRIVILEGED -> config.withPrivileged(true);
            case ROOTLESS ->
                config.withCapDrop(Capability.ALL)
                        .withCapAdd(Capability.SETUID, Capability.SETGID)
                        .withSecurityOpts(securityOptions(engine))
                        .withDevices(new Device("rwm", "/dev/net/tun", "/dev/net/tun"));
            case RESTRICTED ->
                config.withCapDrop(Capability.ALL)
                        .withCapAdd(CAPABILITIES.toArray(Capability[]::new))
                        .withSecurityOpts(securityOptions(engine));
        };
    }

    private static List<String> securityOptions(Info engine) {
        List<String> has = engine.getSecurityOptions() == null ? List.of() : engine.getSecurityOptions();
        List<String> options = new ArrayList<>();
        // An engine whose kernel has no seccomp refuses to start a container with a profile.
        if (has.stream().anyMatch(option -> option.startsWith("name=seccomp"))) {
            options.add("seccomp=" + Resources.text("seccomp.json"));
        }
        // The default AppArmor profile forbids every mount.
        if (has.stream().anyMatch(option -> option.startsWith("name=apparmor"))) {
            options.add("apparmor=unconfined");
        }
        return options;
    }

    /**
     * With no part of /proc hidden: a user namespace may mount a /proc of its own only then. The docker CLI calls it
     * systempaths=unconfined; docker-java 3.7 has no methods for it.
     */
    @SuppressWarnings("UnusedVariable") // read by Jackson
    private static final class UnmaskedHostConfig extends HostConfig {
        @JsonProperty("MaskedPaths")
        private final List<String> maskedPaths = List.of();

        @JsonProperty("ReadonlyPaths")
        private final List<String> readonlyPaths = List.of();
    }
}
