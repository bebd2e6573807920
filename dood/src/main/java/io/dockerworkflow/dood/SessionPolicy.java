package io.dockerworkflow.dood;

import io.dockerworkflow.dood.policy.Limits;
import io.dockerworkflow.dood.policy.Rule;
import io.dockerworkflow.dood.policy.Rules;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the clients of a DooD session may ask of the shared engine. Immutable; each method returns a changed copy. Every
 * session keeps to its own names and children under any policy; the policy decides what its containers may do to the host.
 *
 * <p>The request that breaks a rule gets a 403 that names the field, the rule and the method here that would allow it. The
 * command line's word for a rule is the method's name without {@code allow}: {@code --allow host-paths=/srv/cache}.
 */
public final class SessionPolicy {
    // What the engine grants to every container anyway.
    private static final Set<String> DEFAULT_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "NET_RAW",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");
    // The safe ones of Kubernetes' Pod Security Standards, level "baseline".
    private static final Set<String> SAFE_SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ping_group_range",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_syncookies");

    private final Rules rules;

    private SessionPolicy(Rules rules) {
        this.rules = rules;
    }

    /**
     * The default: containers as confined as the engine's defaults make them, which see of the host only the session's
     * workspace, and publish ports on loopback. No limits.
     */
    public static SessionPolicy guarded() {
        return new SessionPolicy(Rules.nothing()
                .allow(Rule.CAPABILITIES, DEFAULT_CAPABILITIES)
                .allow(Rule.SECURITY_OPTIONS, Set.of("no-new-privileges", "seccomp=builtin", "apparmor=docker-default"))
                .allow(Rule.VOLUME_DRIVERS, Set.of("local"))
                .allow(Rule.VOLUME_TYPES, Set.of("tmpfs"))
                .allow(Rule.NETWORK_DRIVERS, Set.of("bridge"))
                .allow(Rule.SYSCTLS, SAFE_SYSCTLS)
                .allow(Rule.PUBLISHED_ADDRESSES, Set.of("127.0.0.1", "::1"))
                .allow(Rule.LOG_DRIVERS, Set.of("json-file", "local", "none")));
    }

    /** Everything that the engine allows. The build is then as powerful as root on the engine's host. */
    public static SessionPolicy trusted() {
        return new SessionPolicy(Rules.everything());
    }

    /** Allows privileged containers and execs: root on the host. */
    public SessionPolicy allowPrivileged() {
        return allow(Rule.PRIVILEGED);
    }

    /** Allows adding these capabilities, as {@code SYS_PTRACE} or {@code CAP_SYS_PTRACE}, beside the engine's defaults. */
    public SessionPolicy allowCapabilities(String... capabilities) {
        return allow(Rule.CAPABILITIES, capabilities);
    }

    /** Allows these namespaces of the host: {@code pid}, {@code net}, {@code ipc}, {@code uts}, {@code user}, {@code cgroup}. */
    public SessionPolicy allowHostNamespaces(String... namespaces) {
        return allow(Rule.HOST_NAMESPACES, namespaces);
    }

    /** Allows these device nodes, as {@code /dev/fuse}, and device cgroup rules, as {@code c 10:229 rwm}. */
    public SessionPolicy allowDevices(String... devices) {
        return allow(Rule.DEVICES, devices);
    }

    /** Allows GPUs and other devices that a driver hands out. */
    public SessionPolicy allowDeviceRequests() {
        return allow(Rule.DEVICE_REQUESTS);
    }

    /** Allows these security options, as {@code seccomp=unconfined}; {@code systempaths=unconfined} unmasks /proc and /sys. */
    public SessionPolicy allowSecurityOptions(String... options) {
        return allow(Rule.SECURITY_OPTIONS, options);
    }

    /** Allows bind mounts of these paths of the host, and of all beneath them, beside the workspace. */
    public SessionPolicy allowHostPaths(Path... paths) {
        return allow(
                Rule.HOST_PATHS,
                Arrays.stream(paths)
                        .map(path -> path.toAbsolutePath().normalize().toString())
                        .toArray(String[]::new));
    }

    /** Allows mounts that propagate between host and container. */
    public SessionPolicy allowMountPropagation() {
        return allow(Rule.MOUNT_PROPAGATION);
    }

    /** Allows putting children into these cgroups. */
    public SessionPolicy allowCgroupParents(String... parents) {
        return allow(Rule.CGROUP_PARENTS, parents);
    }

    /** Allows these runtimes, beside the engine's default. */
    public SessionPolicy allowRuntimes(String... runtimes) {
        return allow(Rule.RUNTIMES, runtimes);
    }

    /** Allows OCI annotations. */
    public SessionPolicy allowAnnotations() {
        return allow(Rule.ANNOTATIONS);
    }

    /** Allows these volume drivers, beside {@code local}. */
    public SessionPolicy allowVolumeDrivers(String... drivers) {
        return allow(Rule.VOLUME_DRIVERS, drivers);
    }

    /** Allows volumes of the local driver with these file systems, as {@code nfs}, beside {@code tmpfs}. */
    public SessionPolicy allowVolumeTypes(String... types) {
        return allow(Rule.VOLUME_TYPES, types);
    }

    /** Allows networks with these drivers, as {@code macvlan}, beside {@code bridge}. */
    public SessionPolicy allowNetworkDrivers(String... drivers) {
        return allow(Rule.NETWORK_DRIVERS, drivers);
    }

    /** Allows these options of network drivers, as {@code com.docker.network.bridge.name}. */
    public SessionPolicy allowNetworkOptions(String... options) {
        return allow(Rule.NETWORK_OPTIONS, options);
    }

    /** Allows these kernel parameters, beside those that Kubernetes counts as safe. */
    public SessionPolicy allowSysctls(String... parameters) {
        return allow(Rule.SYSCTLS, parameters);
    }

    /** Allows publishing ports on these addresses, when a client asks for one; {@code 0.0.0.0} is all interfaces. */
    public SessionPolicy allowPublishedAddresses(String... addresses) {
        return allow(Rule.PUBLISHED_ADDRESSES, addresses);
    }

    /**
     * Publishes ports on this address when the client names none, as {@code dockerd --ip} does, and allows it. Loopback in
     * {@link #guarded()}; a build whose steps reach published ports from within containers names the bridge's address here.
     */
    public SessionPolicy publishOn(String address) {
        return new SessionPolicy(
                rules.allow(Rule.PUBLISHED_ADDRESSES, Set.of(address)).publishOn(Optional.of(address)));
    }

    /** Allows these log drivers, beside {@code json-file}, {@code local} and {@code none}. */
    public SessionPolicy allowLogDrivers(String... drivers) {
        return allow(Rule.LOG_DRIVERS, drivers);
    }

    /** Allows containers that the out-of-memory killer spares, and real-time scheduling. */
    public SessionPolicy allowHostPriority() {
        return allow(Rule.HOST_PRIORITY);
    }

    /** Passes on fields that this version of the library does not know. */
    public SessionPolicy allowUnknownFields() {
        return allow(Rule.UNKNOWN_FIELDS);
    }

    /**
     * Allows by the rule's word, for configuration files and command lines: {@code privileged}, or {@code host-paths} with a
     * value.
     *
     * @param rule the word, as refusals name it
     * @param values the values; none allows everything that the rule would refuse
     * @throws IllegalArgumentException if there is no such rule, or nothing can allow what it refuses
     */
    public SessionPolicy allow(String rule, String... values) {
        Rule known = Rule.of(rule)
                .filter(Rule::canBeAllowed)
                .orElseThrow(() -> new IllegalArgumentException("There is no rule \"" + rule + "\" to allow; there are "
                        + Arrays.stream(Rule.values())
                                .filter(Rule::canBeAllowed)
                                .map(Rule::id)
                                .collect(Collectors.joining(", "))));
        if (values.length > 0 && !known.takesValues()) {
            throw new IllegalArgumentException("Rule \"" + rule + "\" takes no value");
        }
        return values.length == 0 ? allow(known) : allow(known, values);
    }

    /** At most so many containers at a time, running or not; zero for no limit. */
    public SessionPolicy maxContainers(int containers) {
        Limits old = rules.limits();
        return limits(new Limits(containers, old.memory(), old.nanoCpus(), old.pids()));
    }

    /** At most so many bytes of memory for each container, and so many for one that names no limit; zero for no limit. */
    public SessionPolicy maxMemory(long bytes) {
        Limits old = rules.limits();
        return limits(new Limits(old.containers(), bytes, old.nanoCpus(), old.pids()));
    }

    /** At most so many CPUs for each container, and so many for one that names no limit; zero for no limit. */
    public SessionPolicy maxCpus(double cpus) {
        Limits old = rules.limits();
        long nanoCpus = BigDecimal.valueOf(cpus).movePointRight(9).longValue();
        return limits(new Limits(old.containers(), old.memory(), nanoCpus, old.pids()));
    }

    /** At most so many processes in each container, and so many for one that names no limit; zero for no limit. */
    public SessionPolicy maxPids(long processes) {
        Limits old = rules.limits();
        return limits(new Limits(old.containers(), old.memory(), old.nanoCpus(), processes));
    }

    private SessionPolicy limits(Limits limits) {
        return new SessionPolicy(rules.limits(limits));
    }

    private SessionPolicy allow(Rule rule) {
        return new SessionPolicy(rules.allow(rule));
    }

    private SessionPolicy allow(Rule rule, String... values) {
        return new SessionPolicy(rules.allow(
                rule,
                Arrays.stream(values)
                        .map(value -> rule == Rule.CAPABILITIES ? capability(value) : value)
                        .collect(Collectors.toSet())));
    }

    private static String capability(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        return upper.startsWith("CAP_") ? upper.substring(4) : upper;
    }

    public Rules rules() {
        return rules;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionPolicy that && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    @Override
    public String toString() {
        return "SessionPolicy " + rules;
    }
}
