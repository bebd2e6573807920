package io.dockerworkflow.dood.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One thing that a session's policy decides. Its {@link #id()} is the word for it in refusals and on the command line. */
public enum Rule {
    /** Privileged containers and execs. */
    PRIVILEGED("allowPrivileged", false, "a privileged process is root on the host"),
    /** Capabilities beyond the engine's defaults. */
    CAPABILITIES("allowCapabilities", true, "the capability goes beyond the engine's default set"),
    /** The host's pid, net, ipc, uts, user and cgroup namespaces. */
    HOST_NAMESPACES("allowHostNamespaces", true, "the container would share the host's namespace"),
    /** Device nodes of the host and device cgroup rules. */
    DEVICES("allowDevices", true, "the container would get a device of the host"),
    /** GPUs and other devices that a driver hands out. */
    DEVICE_REQUESTS("allowDeviceRequests", false, "the container would get a device of the host"),
    /** Security options, and paths of /proc and /sys that are no longer masked. */
    SECURITY_OPTIONS("allowSecurityOptions", true, "the option loosens the container's confinement"),
    /** Directories of the host outside the workspace. */
    HOST_PATHS("allowHostPaths", true, "the path is outside the session's workspace and the allowed paths"),
    /** Mounts that propagate between host and container. */
    MOUNT_PROPAGATION("allowMountPropagation", false, "mounts would propagate between host and container"),
    /** Cgroups to put children into. */
    CGROUP_PARENTS("allowCgroupParents", true, "the container would leave the engine's own cgroup"),
    /** Runtimes other than the engine's default. */
    RUNTIMES("allowRuntimes", true, "only the engine's default runtime is allowed"),
    /** OCI annotations, which some runtimes take as orders. */
    ANNOTATIONS("allowAnnotations", false, "runtimes take annotations as orders"),
    /** Volume drivers other than local. */
    VOLUME_DRIVERS("allowVolumeDrivers", true, "only the local volume driver is allowed"),
    /** File systems that the local volume driver would mount, by type. */
    VOLUME_TYPES("allowVolumeTypes", true, "the engine would mount a file system of the client's choice"),
    /** Network drivers other than bridge, and address-management drivers. */
    NETWORK_DRIVERS("allowNetworkDrivers", true, "only bridge networks are allowed"),
    /** Driver options of networks and endpoints that reach into the host's network. */
    NETWORK_OPTIONS("allowNetworkOptions", true, "the option reaches into the host's network"),
    /** Kernel parameters beyond those that Kubernetes counts as safe. */
    SYSCTLS("allowSysctls", true, "the kernel parameter is not among the safe ones"),
    /** Addresses of the host, other than loopback, on which ports may be published. */
    PUBLISHED_ADDRESSES("allowPublishedAddresses", true, "the port would be open beyond this host"),
    /** Log drivers other than json-file, local and none. */
    LOG_DRIVERS("allowLogDrivers", true, "the engine would send the log elsewhere"),
    /** Protection from the kernel's out-of-memory killer, and real-time scheduling. */
    HOST_PRIORITY("allowHostPriority", false, "the container would win over the host's own processes"),
    /** Limits of the session. */
    LIMITS("limits", true, "the session's limit would be exceeded"),
    /** Labels of this library, which tell what belongs to whom. No option allows them. */
    RESERVED_LABELS("", false, "labels that begin with io.dockerworkflow. belong to the session"),
    /** Fields that this version of the library does not know. */
    UNKNOWN_FIELDS("allowUnknownFields", false, "this version of docker-workflow does not know the field");

    private final String option;
    private final boolean takesValues;
    private final String reason;

    Rule(String option, boolean takesValues, String reason) {
        this.option = option;
        this.takesValues = takesValues;
        this.reason = reason;
    }

    /** The word for this rule, as {@code host-paths}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The rule with that {@link #id()}, or empty. */
    public static Optional<Rule> of(String id) {
        return Arrays.stream(values()).filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** Whether values can be allowed one by one, or only the whole. */
    public boolean takesValues() {
        return takesValues;
    }

    /** Whether an option can allow what the rule forbids. */
    public boolean canBeAllowed() {
        return this != RESERVED_LABELS && this != LIMITS;
    }

    /** The name of the method of SessionPolicy that allows it. */
    public String option() {
        return option;
    }

    /** Why it is forbidden. */
    public String reason() {
        return reason;
    }
}
