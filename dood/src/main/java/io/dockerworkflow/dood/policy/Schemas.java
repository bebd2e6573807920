package io.dockerworkflow.dood.policy;

import static io.dockerworkflow.dood.policy.Schema.struct;

import io.dockerworkflow.dood.policy.Schema.ListOf;
import io.dockerworkflow.dood.policy.Schema.MapOf;
import io.dockerworkflow.dood.policy.Schema.Struct;

/** The request bodies of API 1.24 to 1.51. A field that is in none of them is unknown to the policy. */
final class Schemas {
    private static final Struct DRIVER = struct("Name Options");
    private static final Struct RESTART_POLICY = struct("Name MaximumRetryCount");

    private static final Struct MOUNT = struct("Type Source Target ReadOnly Consistency ClusterOptions")
            .with(
                    "BindOptions",
                    struct("Propagation NonRecursive CreateMountpoint ReadOnlyNonRecursive ReadOnlyForceRecursive"))
            .with("VolumeOptions", struct("NoCopy Labels Subpath").with("DriverConfig", DRIVER))
            .with("ImageOptions", struct("Subpath"))
            .with("TmpfsOptions", struct("SizeBytes Mode Options"));

    private static final Struct RESOURCES = struct("""
            CpuShares Memory NanoCpus CgroupParent BlkioWeight CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime
            CpusetCpus CpusetMems DeviceCgroupRules KernelMemory KernelMemoryTCP MemoryReservation MemorySwap
            MemorySwappiness OomKillDisable PidsLimit CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth
            """)
            .with("BlkioWeightDevice", new ListOf(struct("Path Weight")))
            .with("BlkioDeviceReadBps", new ListOf(struct("Path Rate")))
            .with("BlkioDeviceWriteBps", new ListOf(struct("Path Rate")))
            .with("BlkioDeviceReadIOps", new ListOf(struct("Path Rate")))
            .with("BlkioDeviceWriteIOps", new ListOf(struct("Path Rate")))
            .with("Devices", new ListOf(struct("PathOnHost PathInContainer CgroupPermissions")))
            .with("DeviceRequests", new ListOf(struct("Driver Count DeviceIDs Capabilities Options")))
            .with("Ulimits", new ListOf(struct("Name Hard Soft")));

    private static final Struct HOST_CONFIG = struct("""
            Binds ContainerIDFile NetworkMode AutoRemove VolumeDriver VolumesFrom ConsoleSize Annotations CapAdd CapDrop
            CgroupnsMode Dns DnsOptions DnsSearch ExtraHosts GroupAdd IpcMode Cgroup Links OomScoreAdj PidMode Privileged
            PublishAllPorts ReadonlyRootfs SecurityOpt StorageOpt Tmpfs UTSMode UsernsMode ShmSize Sysctls Runtime Isolation
            MaskedPaths ReadonlyPaths Init
            """)
            .with("LogConfig", struct("Type Config"))
            .with("PortBindings", new MapOf(new ListOf(struct("HostIp HostPort"))))
            .with("RestartPolicy", RESTART_POLICY)
            .with("Mounts", new ListOf(MOUNT))
            .and(RESOURCES);

    private static final Struct CONFIG =
            struct("""
            Hostname Domainname User AttachStdin AttachStdout AttachStderr ExposedPorts Tty OpenStdin StdinOnce Env Cmd
            ArgsEscaped Image Volumes WorkingDir Entrypoint NetworkDisabled MacAddress OnBuild Labels StopSignal StopTimeout
            Shell
            """).with("Healthcheck", struct("Test Interval Timeout StartPeriod StartInterval Retries"));

    private static final Struct ENDPOINT =
            struct("""
            Links MacAddress Aliases DriverOpts GwPriority NetworkID EndpointID Gateway IPAddress IPPrefixLen IPv6Gateway
            GlobalIPv6Address GlobalIPv6PrefixLen DNSNames
            """).with("IPAMConfig", struct("IPv4Address IPv6Address LinkLocalIPs"));

    /** The fields of HostConfig, by which engines before 25 also knew them at the top of the body. */
    static final Struct HOST_FIELDS = HOST_CONFIG;

    /** {@code name} and {@code platform} are parameters. dockerode 5.0.1 repeats them in the body, where engines do not read them. */
    static final Struct CONTAINER_CREATE = struct("name platform")
            .and(CONFIG)
            .with("HostConfig", HOST_CONFIG)
            .with("NetworkingConfig", struct("EndpointsConfig").with("EndpointsConfig", new MapOf(ENDPOINT)))
            .with("Cpuset", Schema.FREE)
            .and(HOST_CONFIG);

    static final Struct CONTAINER_UPDATE = RESOURCES.with("RestartPolicy", RESTART_POLICY);

    /** {@code Container} and {@code ContainerId} say again what the path says: docker-java 3.7.1 sends one, engines read neither. */
    static final Struct EXEC_CREATE = struct("""
            ContainerId User Privileged Tty ConsoleSize AttachStdin AttachStderr AttachStdout Detach DetachKeys Env WorkingDir Cmd
            Container
            """);

    static final Struct EXEC_START = struct("Detach Tty ConsoleSize");

    static final Struct NETWORK_CREATE = struct("""
            Name CheckDuplicate Driver Scope Internal Attachable Ingress ConfigOnly EnableIPv4 EnableIPv6 Options Labels
            """)
            .with(
                    "IPAM",
                    struct("Driver Options")
                            .with("Config", new ListOf(struct("Subnet IPRange Gateway AuxiliaryAddresses"))))
            .with("ConfigFrom", struct("Network"));

    static final Struct NETWORK_CONNECT = struct("Container").with("EndpointConfig", ENDPOINT);

    static final Struct NETWORK_DISCONNECT = struct("Container Force");

    static final Struct VOLUME_CREATE = struct("Name Driver DriverOpts Labels ClusterVolumeSpec");

    /** Parameters come in the body again, as with {@link #CONTAINER_CREATE}. */
    static final Struct COMMIT =
            struct("container repo tag comment author pause changes").and(CONFIG);

    private Schemas() {}
}
