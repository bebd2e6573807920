package io.dockerworkflow.dood.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.SessionPolicy;
import io.dockerworkflow.dood.policy.Verdict.Allowed;
import io.dockerworkflow.dood.policy.Verdict.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPolicyTest {
    private static final Rules GUARDED = PolicyOf.rules(SessionPolicy.guarded());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "Privileged":true                                  | privileged
            "Privileged":"true"                                | privileged
            "CapAdd":["SYS_ADMIN"]                             | capabilities
            "CapAdd":["cap_sys_admin"]                         | capabilities
            "CapAdd":[" ALL "]                                 | capabilities
            "CapAdd":"NET_ADMIN"                               | capabilities
            "NetworkMode":"host"                               | host-namespaces
            "PidMode":"host"                                   | host-namespaces
            "IpcMode":"host"                                   | host-namespaces
            "UTSMode":"host"                                   | host-namespaces
            "UsernsMode":"host"                                | host-namespaces
            "CgroupnsMode":"host"                              | host-namespaces
            "PidMode":"ns:/proc/1/ns/pid"                      | host-namespaces
            "Devices":[{"PathOnHost":"/dev/kmsg"}]             | devices
            "DeviceCgroupRules":["a *:* rwm"]                  | devices
            "DeviceRequests":[{"Count":-1}]                    | device-requests
            "SecurityOpt":["seccomp=unconfined"]               | security-options
            "SecurityOpt":["seccomp:unconfined"]               | security-options
            "SecurityOpt":["apparmor=unconfined"]              | security-options
            "SecurityOpt":["label:disable"]                    | security-options
            "SecurityOpt":["no-new-privileges=false"]          | security-options
            "SecurityOpt":["systempaths=unconfined"]           | security-options
            "MaskedPaths":[]                                   | security-options
            "ReadonlyPaths":[]                                 | security-options
            "Binds":["/:/host"]                                | host-paths
            "Binds":["/etc:/e:ro"]                             | host-paths
            "Mounts":[{"Type":"bind","Source":"/","Target":"/h"}] | host-paths
            "Mounts":[{"Type":"Bind","Source":"/","Target":"/h"}] | unknown-fields
            "Mounts":[{"Type":"npipe","Source":"x"}]           | unknown-fields
            "Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"none","o":"bind","device":"/"}}}}] | host-paths
            "Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Options":{"type":"tmpfs","o":"size=1,rbind","device":"/"}}}}] | host-paths
            "Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"nfs","device":":/x"}}}}] | volume-types
            "Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"ext4","device":"/dev/vda"}}}}] | volume-types
            "Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"rexray"}}}] | volume-drivers
            "Mounts":[{"Type":"volume","VolumeOptions":{"Labels":{"io.dockerworkflow.session":"x"}}}] | reserved-labels
            "Mounts":[{"Type":"volume","BindOptions":{},"Newest":1}] | unknown-fields
            "Binds":["/work/a:/a:rshared"]                     | mount-propagation
            "Binds":["/work/a:/a:ro,slave"]                    | mount-propagation
            "Mounts":[{"Type":"bind","Source":"/work","BindOptions":{"Propagation":"shared"}}] | mount-propagation
            "VolumeDriver":"rexray"                            | volume-drivers
            "CgroupParent":"/"                                 | cgroup-parents
            "Runtime":"runc"                                   | runtimes
            "Isolation":"hyperv"                               | runtimes
            "Annotations":{"run.oci.x":"1"}                    | annotations
            "Sysctls":{"kernel.msgmax":"1"}                    | sysctls
            "PortBindings":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"80"}]} | published-addresses
            "PortBindings":{"80/tcp":[{"HostIp":"::"}]}        | published-addresses
            "PublishAllPorts":true                             | published-addresses
            "LogConfig":{"Type":"syslog"}                      | log-drivers
            "OomKillDisable":true                              | host-priority
            "OomScoreAdj":-1000                                | host-priority
            "CpuRealtimeRuntime":950000                        | host-priority
            "Ulimits":[{"Name":"RTPRIO","Hard":99,"Soft":99}]  | host-priority
            "Capabilities":["CAP_SYS_ADMIN"]                   | unknown-fields
            "FutureHole":{"on":true}                           | unknown-fields
            """)
    void guardedWhenAHostFieldBreaksARuleRefusesItAndTrustedDoesNot(String field, String rule) throws Exception {
        String body = "{\"HostConfig\":{" + field + "}}";
        assertThat(rulesBroken(GUARDED, body)).containsExactly(rule);
        if (!rule.equals("reserved-labels") && !body.contains("npipe") && !body.contains("\"Bind\"")) {
            assertThat(rulesBroken(PolicyOf.rules(SessionPolicy.trusted()), body))
                    .isEmpty();
            assertThat(rulesBroken(PolicyOf.rules(SessionPolicy.guarded().allow(rule)), body))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":\"one\",\"platform\":\"linux/amd64\",\"Image\":\"busybox\"}",
                "{\"HostConfig\":{\"Privileged\":false,\"CapAdd\":null,\"CapDrop\":[\"ALL\"],\"Devices\":[],\"MaskedPaths\":null}}",
                "{\"HostConfig\":{\"CapAdd\":[\"CHOWN\",\"cap_net_bind_service\"]}}",
                "{\"HostConfig\":{\"SecurityOpt\":[\"no-new-privileges\",\"no-new-privileges:true\",\"seccomp=builtin\"]}}",
                "{\"HostConfig\":{\"NetworkMode\":\"app\",\"PidMode\":\"container:db\",\"IpcMode\":\"shareable\"}}",
                "{\"HostConfig\":{\"Binds\":[\"data:/d:ro\",\"/anonymous\"],\"VolumeDriver\":\"local\"}}",
                "{\"HostConfig\":{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\",\"Options\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\",\"o\":\"size=1m\"}}}}]}}",
                "{\"HostConfig\":{\"Sysctls\":{\"net.ipv4.ip_unprivileged_port_start\":\"0\"}}}",
                "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"1m\"}},\"OomScoreAdj\":500}}",
                "{\"HostConfig\":{\"Ulimits\":[{\"Name\":\"nofile\",\"Hard\":9,\"Soft\":9}],\"FutureHole\":false}}"
            })
    void guardedWhenNothingReachesTheHostAllowsIt(String body) throws Exception {
        assertThat(rulesBroken(GUARDED, body)).isEmpty();
    }

    @Test
    void refusalWhenReadNamesFieldRuleAndOption() throws Exception {
        assertThat(message("{\"HostConfig\":{\"CapAdd\":[\"sys_admin\"]}}"))
                .isEqualTo(
                        "HostConfig.CapAdd \"SYS_ADMIN\" is refused by the session's policy (capabilities: the capability"
                                + " goes beyond the engine's default set). To allow it:"
                                + " SessionPolicy.guarded().allowCapabilities(\"SYS_ADMIN\"), or --allow capabilities=SYS_ADMIN");
        assertThat(message("{\"HostConfig\":{\"Privileged\":true}}"))
                .isEqualTo(
                        "HostConfig.Privileged is refused by the session's policy (privileged: a privileged process is"
                                + " root on the host). To allow it: SessionPolicy.guarded().allowPrivileged(), or --allow"
                                + " privileged");
        assertThat(message("{\"Labels\":{\"io.dockerworkflow.owner\":\"me\"}}"))
                .isEqualTo(
                        "Labels \"io.dockerworkflow.owner\" is refused by the session's policy (reserved-labels: labels"
                                + " that begin with io.dockerworkflow. belong to the session)");
    }

    @Test
    void refusalWhenSeveralRulesAreBrokenNamesThemAll() throws Exception {
        assertThat(rulesBroken(
                        GUARDED,
                        "{\"Labels\":{\"io.dockerworkflow.x\":\"\"},\"HostConfig\":{\"Privileged\":true,"
                                + "\"PidMode\":\"host\"}}"))
                .containsExactly("reserved-labels", "privileged", "host-namespaces");
    }

    @Test
    void reservedLabelsWhenTrustedAreRefusedAllTheSame() throws Exception {
        assertThat(rulesBroken(
                        PolicyOf.rules(SessionPolicy.trusted()), "{\"Labels\":{\"io.dockerworkflow.session\":\"x\"}}"))
                .containsExactly("reserved-labels");
    }

    @Test
    void networksWhenTheHostsIsAmongThemAreRefused() throws Exception {
        assertThat(rulesBroken(GUARDED, "{\"NetworkingConfig\":{\"EndpointsConfig\":{\"host\":{}}}}"))
                .containsExactly("host-namespaces");
        assertThat(rulesBroken(
                        GUARDED, "{\"NetworkingConfig\":{\"EndpointsConfig\":{\"n\":{\"DriverOpts\":{\"x\":\"y\"}}}}}"))
                .containsExactly("network-options");
    }

    @Test
    void portsWhenPublishedWithoutAddressGoToLoopback() throws Exception {
        ObjectNode passed = passed(
                GUARDED,
                "{\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"8080\"}],\"81/tcp\":[{}],\"82/tcp\":null,"
                        + "\"83/tcp\":[],\"84/tcp\":[{\"HostIp\":\"::1\"}]}}}");
        assertThat(passed.at("/HostConfig/PortBindings")).hasToString("""
                        {"80/tcp":[{"HostPort":"8080","HostIp":"127.0.0.1"}],"81/tcp":[{"HostIp":"127.0.0.1"}],\
                        "82/tcp":[{"HostIp":"127.0.0.1","HostPort":""}],"83/tcp":[{"HostIp":"127.0.0.1","HostPort":""}],\
                        "84/tcp":[{"HostIp":"::1"}]}\
                        """);
    }

    @Test
    void portsWhenThePolicyNamesAnAddressGoThere() throws Exception {
        Rules rules = PolicyOf.rules(SessionPolicy.guarded().publishOn("172.17.0.1"));
        assertThat(passed(rules, "{\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"1\"}]}}}")
                        .at("/HostConfig/PortBindings/80~1tcp/0/HostIp")
                        .asText())
                .isEqualTo("172.17.0.1");
    }

    @Test
    void portsWhenTrustedStayAsTheyAre() throws Exception {
        String body =
                "{\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"1\"}]},\"PublishAllPorts\":true}}";
        assertThat(passed(PolicyOf.rules(SessionPolicy.trusted()), body)).hasToString(body);
    }

    @Test
    void limitsWhenExceededRefuseAndWhenLeftOutApply() throws Exception {
        Rules rules = PolicyOf.rules(SessionPolicy.guarded()
                .maxContainers(2)
                .maxMemory(1000)
                .maxCpus(1.5)
                .maxPids(10));
        assertThat(passed(rules, "{\"HostConfig\":{}}").get("HostConfig"))
                .hasToString("{\"Memory\":1000,\"PidsLimit\":10,\"NanoCpus\":1500000000}");
        assertThat(passed(rules, "{\"HostConfig\":{\"Memory\":5,\"PidsLimit\":6,\"CpuQuota\":150000}}")
                        .get("HostConfig"))
                .hasToString("{\"Memory\":5,\"PidsLimit\":6,\"CpuQuota\":150000}");
        for (String field : List.of(
                "\"Memory\":1001",
                "\"Memory\":99999999999999999999",
                "\"MemorySwap\":-1",
                "\"MemorySwap\":2001",
                "\"PidsLimit\":11",
                "\"PidsLimit\":-1",
                "\"NanoCpus\":1500000001",
                "\"CpuQuota\":150001",
                "\"CpuQuota\":-1",
                "\"CpuPeriod\":1000",
                "\"CpuQuota\":2000,\"CpuPeriod\":1000")) {
            assertThat(rulesBroken(rules, "{\"HostConfig\":{" + field + "}}"))
                    .as(field)
                    .containsExactly("limits");
        }
        assertThat(broken(new RequestPolicy(rules, binds()).containerCreate(EngineJsonTest.create("{}"), 2)))
                .containsExactly("limits");
    }

    @Test
    void updateWhenItTakesMoreThanCreateMayIsRefused() throws Exception {
        RequestPolicy policy =
                new RequestPolicy(PolicyOf.rules(SessionPolicy.guarded().maxMemory(1000)), binds());
        assertThat(broken(policy.containerUpdate(body(RequestKind.CONTAINER_UPDATE, "{\"memory\":1001}"))))
                .containsExactly("limits");
        assertThat(broken(policy.containerUpdate(body(RequestKind.CONTAINER_UPDATE, "{\"cgroupparent\":\"/x\"}"))))
                .containsExactly("cgroup-parents");
        assertThat(broken(policy.containerUpdate(
                        body(RequestKind.CONTAINER_UPDATE, "{\"Devices\":[{\"pathonhost\":\"/dev/sda\"}]}"))))
                .containsExactly("devices");
        assertThat(broken(policy.containerUpdate(
                        body(RequestKind.CONTAINER_UPDATE, "{\"RestartPolicy\":{\"Name\":\"always\"}}"))))
                .isEmpty();
    }

    @Test
    void execWhenPrivilegedIsRefused() throws Exception {
        RequestPolicy policy = new RequestPolicy(GUARDED, binds());
        assertThat(broken(policy.execCreate(body(RequestKind.EXEC_CREATE, "{\"privileged\":true,\"Cmd\":[\"id\"]}"))))
                .containsExactly("privileged");
        assertThat(broken(policy.execCreate(body(RequestKind.EXEC_CREATE, "{\"Cmd\":[\"id\"],\"Root\":true}"))))
                .containsExactly("unknown-fields");
        assertThat(broken(policy.execCreate(body(RequestKind.EXEC_CREATE, "{\"Cmd\":[\"id\"],\"User\":\"0\"}"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "Driver":"macvlan"                                           | network-drivers
            "Driver":"host"                                              | network-drivers
            "driver":"overlay"                                           | network-drivers
            "IPAM":{"Driver":"dhcp"}                                     | network-drivers
            "Ingress":true                                               | network-drivers
            "Scope":"swarm"                                              | network-drivers
            "Options":{"com.docker.network.bridge.name":"docker0"}       | network-options
            "Options":{"parent":"eth0"}                                  | network-options
            "Options":{"com.docker.network.bridge.gateway_mode_ipv4":"routed"} | network-options
            "Options":{"com.docker.network.bridge.host_binding_ipv4":"0.0.0.0"} | published-addresses
            "Labels":{"io.dockerworkflow.session":"x"}                   | reserved-labels
            "New":1                                                      | unknown-fields
            """)
    void networkWhenItReachesIntoTheHostsIsRefused(String field, String rule) throws Exception {
        assertThat(broken(new RequestPolicy(GUARDED, binds())
                        .networkCreate(body(RequestKind.NETWORK_CREATE, "{\"Name\":\"n\"," + field + "}"))))
                .containsExactly(rule);
        // Others take over what a configuration says: it must say no more than they may.
        assertThat(broken(new RequestPolicy(GUARDED, binds())
                        .networkCreate(body(
                                RequestKind.NETWORK_CREATE, "{\"Name\":\"n\",\"ConfigOnly\":true," + field + "}"))))
                .containsExactly(rule);
    }

    @Test
    void networkWhenABridgeIsAllowed() throws Exception {
        assertThat(
                        broken(
                                new RequestPolicy(GUARDED, binds())
                                        .networkCreate(
                                                body(
                                                        RequestKind.NETWORK_CREATE,
                                                        "{\"Name\":\"n\",\"Driver\":\"bridge\",\"IPAM\":{\"Driver\":\"default\",\"Config\":[{\"Subnet\":\"10.9.0.0/24\"}]},"
                                                                + "\"Options\":{\"com.docker.network.driver.mtu\":\"1400\"},\"Internal\":true}"))))
                .isEmpty();
    }

    @Test
    void connectWhenToTheHostsNetworkIsRefused() throws Exception {
        RequestPolicy policy = new RequestPolicy(GUARDED, binds());
        assertThat(broken(policy.networkConnect("host", body(RequestKind.NETWORK_CONNECT, "{\"Container\":\"c\"}"))))
                .containsExactly("host-namespaces");
        assertThat(broken(policy.networkConnect("app", body(RequestKind.NETWORK_CONNECT, "{\"Container\":\"c\"}"))))
                .isEmpty();
        assertThat(
                        broken(
                                policy.networkConnect(
                                        "app",
                                        body(
                                                RequestKind.NETWORK_CONNECT,
                                                "{\"endpointconfig\":{\"driveropts\":{\"com.docker.network.endpoint.sysctls\":\"x\"}}}"))))
                .containsExactly("network-options");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "Driver":"rexray"                                              | volume-drivers
            "DriverOpts":{"type":"none","o":"bind","device":"/etc"}        | host-paths
            "DriverOpts":{"o":"ro, rbind","device":"/etc"}                 | host-paths
            "DriverOpts":{"o":"bind,rshared","device":"/etc"}              | host-paths,mount-propagation
            "DriverOpts":{"type":"cifs","device":"//x/y"}                  | volume-types
            "DriverOpts":{"type":"overlay","o":"lowerdir=/etc","device":"overlay"} | volume-types
            "DriverOpts":{"device":"/dev/vda"}                             | volume-types
            "DriverOpts":{"mountpoint":"/"}                                | unknown-fields
            "ClusterVolumeSpec":{"Group":"x"}                              | volume-drivers
            "Labels":{"io.dockerworkflow.session":"x"}                     | reserved-labels
            """)
    void volumeWhenItMountsWhatItShouldNotIsRefused(String field, String rules) throws Exception {
        assertThat(broken(new RequestPolicy(GUARDED, binds())
                        .volumeCreate(body(RequestKind.VOLUME_CREATE, "{" + field + "}"))))
                .containsExactly(rules.split(","));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            networkmode  | host                                        | host-namespaces
            cgroupparent | /x                                          | cgroup-parents
            securityopt  | seccomp=unconfined                          | security-options
            ulimits      | [{"nAME":"rtprio","Hard":9}]                | host-priority
            labels       | {"io.dockerworkflow.session":"x"}           | reserved-labels
            future       | 1                                           | unknown-fields
            """)
    void buildWhenAParameterBreaksARuleIsRefused(String name, String value, String rule) throws Exception {
        Map<String, List<String>> query = Map.of("t", List.of("x"), name, List.of(value));
        assertThat(broken(new RequestPolicy(GUARDED, binds())
                        .build(query.keySet(), key -> query.getOrDefault(key, List.of()))))
                .containsExactly(rule);
    }

    @Test
    void buildWhenMemoryIsLimitedAndLeftOutGetsTheLimit() throws Exception {
        RequestPolicy policy =
                new RequestPolicy(PolicyOf.rules(SessionPolicy.guarded().maxMemory(4096)), binds());
        assertThat(policy.build(java.util.Set.of(), key -> List.of()))
                .isEqualTo(new Allowed<>(Map.of("memory", "4096")));
    }

    @Test
    void changesWhenTheySetReservedLabelsAreRefused() throws Exception {
        RequestPolicy policy = new RequestPolicy(GUARDED, binds());
        for (String change : List.of(
                "LABEL io.dockerworkflow.session=x",
                "label \"io.dockerworkflow.owner\"=x",
                "LABEL io.docker\\workflow.x=1")) {
            assertThat(broken(policy.imageImport(List.of(change)))).as(change).containsExactly("reserved-labels");
            assertThat(broken(policy.commit(body(RequestKind.COMMIT, ""), List.of(change))))
                    .as(change)
                    .containsExactly("reserved-labels");
        }
        assertThat(broken(policy.imageImport(List.of("CMD [\"sh\"]", "LABEL a=b"))))
                .isEmpty();
        String parametersAgain =
                "{\"container\":\"one\",\"repo\":\"app\",\"tag\":\"1\",\"comment\":\"c\",\"author\":\"a\","
                        + "\"pause\":true,\"changes\":\"\"}";
        assertThat(broken(policy.commit(body(RequestKind.COMMIT, parametersAgain), List.of())))
                .isEmpty();
        assertThat(broken(policy.commit(body(RequestKind.COMMIT, "{\"Future\":true}"), List.of())))
                .containsExactly("unknown-fields");
    }

    private static HostBinds binds() {
        return new HostBinds(Map.of(), Optional::of);
    }

    private static ObjectNode body(RequestKind kind, String json) throws MalformedBodyException {
        return EngineJson.parse(kind, json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> rulesBroken(Rules rules, String json) throws MalformedBodyException {
        HostBinds binds = binds();
        binds.allow(java.nio.file.Path.of("/work"));
        return broken(new RequestPolicy(rules, binds).containerCreate(EngineJsonTest.create(json), 0));
    }

    private static ObjectNode passed(Rules rules, String json) throws MalformedBodyException {
        Verdict<ObjectNode> verdict = new RequestPolicy(rules, binds()).containerCreate(EngineJsonTest.create(json), 0);
        return ((Allowed<ObjectNode>) verdict).request();
    }

    private static String message(String json) throws MalformedBodyException {
        Verdict<ObjectNode> verdict =
                new RequestPolicy(GUARDED, binds()).containerCreate(EngineJsonTest.create(json), 0);
        return ((Refused<ObjectNode>) verdict).message();
    }

    private static <T> List<String> broken(Verdict<T> verdict) {
        return verdict instanceof Refused<T> refused
                ? refused.refusals().stream()
                        .map(refusal -> Arrays.asList(refusal.rule().split(":")).get(0))
                        .toList()
                : List.of();
    }
}
