package io.dockerworkflow.dind;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns {@link Rights} into a container's settings for the engine. */
final class Confinement {
    /**
     * Listed in full, with all others dropped, so that they do not depend on the engine's default. SYS_PTRACE covers only the
     * container's own processes. An engine 28 inside needs it to mount the network of a container whose user is not root.
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
                // The init process reaps the shims that the daemon leaves to process 1.
                .withInit(true)
                // /proc/sys is read-only, so the daemon cannot turn it on where the machine has it off.
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
        // If the kernel has no seccomp, the engine refuses to start a container with a profile.
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
     * Hides no part of /proc: only then may a user namespace mount a /proc of its own. The docker CLI calls this
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
