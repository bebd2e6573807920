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
 * What the clients of a DooD session may request from the shared engine. Under any policy, a session is limited to its own
 * names and children. The policy decides what its containers may do to the host. Immutable: each method returns a changed
 * copy. Safe for use by several threads.
 *
 * <p>A request that breaks a rule gets a 403. Its message names the field, the rule and the method of this class that would
 * allow the request. The command line's word for a rule is the method's name without {@code allow}:
 * {@code --allow host-paths=/srv/cache}.
 */
public final class SessionPolicy {
    // The engine grants these to every container.
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
    // The safe kernel parameters of Kubernetes' Pod Security Standards, level "baseline".
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
     * The default policy. Containers are confined as by the engine's defaults. Of the host they see only the session's
     * workspace. They publish ports on loopback. There are no limits.
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

    /** Allows everything that the engine allows. The build is then as powerful as root on the engine's host. */
    public static SessionPolicy trusted() {
        return new SessionPolicy(Rules.everything());
    }

    /** Allows privileged containers and execs: root on the host. */
    public SessionPolicy allowPrivileged() {
        return allow(Rule.PRIVILEGED);
    }

    /** Allows these capabilities in addition to the engine's defaults, such as {@code SYS_PTRACE} or {@code CAP_SYS_PTRACE}. */
    public SessionPolicy allowCapabilities(String... capabilities) {
        return allow(Rule.CAPABILITIES, capabilities);
    }

    /**
     * Allows these namespaces of the host: {@code pid}, {@code net}, {@code ipc}, {@code uts}, {@code user},
     * {@code cgroup}.
     */
    public SessionPolicy allowHostNamespaces(String... namespaces) {
        return allow(Rule.HOST_NAMESPACES, namespaces);
    }

    /** Allows these device nodes, such as {@code /dev/fuse}, and device cgroup rules, such as {@code c 10:229 rwm}. */
    public SessionPolicy allowDevices(String... devices) {
        return allow(Rule.DEVICES, devices);
    }

    /** Allows GPUs and other devices that a driver hands out. */
    public SessionPolicy allowDeviceRequests() {
        return allow(Rule.DEVICE_REQUESTS);
    }

    /**
     * Allows these security options, such as {@code seccomp=unconfined}. {@code systempaths=unconfined} unmasks /proc and
     * /sys.
     */
    public SessionPolicy allowSecurityOptions(String... options) {
        return allow(Rule.SECURITY_OPTIONS, options);
    }

    /** Allows bind mounts of these paths of the host and of everything below them, in addition to the workspace. */
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

    /** Allows these runtimes in addition to the engine's default. */
    public SessionPolicy allowRuntimes(String... runtimes) {
        return allow(Rule.RUNTIMES, runtimes);
    }

    /** Allows OCI annotations. */
    public SessionPolicy allowAnnotations() {
        return allow(Rule.ANNOTATIONS);
    }

    /** Allows these volume drivers in addition to {@code local}. */
    public SessionPolicy allowVolumeDrivers(String... drivers) {
        return allow(Rule.VOLUME_DRIVERS, drivers);
    }

    /** Allows volumes of the local driver with these file systems, such as {@code nfs}, in addition to {@code tmpfs}. */
    public SessionPolicy allowVolumeTypes(String... types) {
        return allow(Rule.VOLUME_TYPES, types);
    }

    /** Allows networks with these drivers, such as {@code macvlan}, in addition to {@code bridge}. */
    public SessionPolicy allowNetworkDrivers(String... drivers) {
        return allow(Rule.NETWORK_DRIVERS, drivers);
    }

    /** Allows these options of network drivers, such as {@code com.docker.network.bridge.name}. */
    public SessionPolicy allowNetworkOptions(String... options) {
        return allow(Rule.NETWORK_OPTIONS, options);
    }

    /** Allows these kernel parameters in addition to those that Kubernetes counts as safe. */
    public SessionPolicy allowSysctls(String... parameters) {
        return allow(Rule.SYSCTLS, parameters);
    }

    /** Allows clients to publish ports on these addresses; {@code 0.0.0.0} is all interfaces. */
    public SessionPolicy allowPublishedAddresses(String... addresses) {
        return allow(Rule.PUBLISHED_ADDRESSES, addresses);
    }

    /**
     * Publishes ports on this address if the client names none, as {@code dockerd --ip} does. Also allows this address. The
     * default in {@link #guarded()} is loopback. Name the bridge's address here if containers of the build must reach
     * published ports.
     */
    public SessionPolicy publishOn(String address) {
        return new SessionPolicy(
                rules.allow(Rule.PUBLISHED_ADDRESSES, Set.of(address)).publishOn(Optional.of(address)));
    }

    /** Allows these log drivers in addition to {@code json-file}, {@code local} and {@code none}. */
    public SessionPolicy allowLogDrivers(String... drivers) {
        return allow(Rule.LOG_DRIVERS, drivers);
    }

    /** Allows real-time scheduling, and containers that the out-of-memory killer spares. */
    public SessionPolicy allowHostPriority() {
        return allow(Rule.HOST_PRIORITY);
    }

    /** Passes on fields that this version of the library does not know. */
    public SessionPolicy allowUnknownFields() {
        return allow(Rule.UNKNOWN_FIELDS);
    }

    /**
     * Allows what a rule refuses, by the rule's word, for configuration files and command lines: {@code privileged}, or
     * {@code host-paths} with a value.
     *
     * @param rule the word, as refusals name it
     * @param values the values to allow; without values, everything that the rule would refuse is allowed
     * @throws IllegalArgumentException if there is no such rule, if nothing can allow what it refuses, or if it takes no
     *     values and there are some
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

    /** Limits the number of containers at a time, running or not; zero for no limit. */
    public SessionPolicy maxContainers(int containers) {
        Limits old = rules.limits();
        return limits(new Limits(containers, old.memory(), old.nanoCpus(), old.pids()));
    }

    /** Limits the memory of each container, in bytes. A container that names no limit gets this one; zero for no limit. */
    public SessionPolicy maxMemory(long bytes) {
        Limits old = rules.limits();
        return limits(new Limits(old.containers(), bytes, old.nanoCpus(), old.pids()));
    }

    /** Limits the CPUs of each container. A container that names no limit gets this one; zero for no limit. */
    public SessionPolicy maxCpus(double cpus) {
        Limits old = rules.limits();
        long nanoCpus = BigDecimal.valueOf(cpus).movePointRight(9).longValue();
        return limits(new Limits(old.containers(), old.memory(), nanoCpus, old.pids()));
    }

    /** Limits the processes in each container. A container that names no limit gets this one; zero for no limit. */
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
