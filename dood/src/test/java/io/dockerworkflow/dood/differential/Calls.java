package io.dockerworkflow.dood.differential;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Random calls over a handful of names, so that they meet, collide and miss. */
final class Calls {
    /** No hexadecimal digits: those would now and then begin some container's id. */
    private static final Arbitrary<String> CONTAINER = Arbitraries.of("w1", "w2", "w3");

    private static final Arbitrary<String> VOLUME = Arbitraries.of("v1", "v2");
    private static final Arbitrary<String> NETWORK = Arbitraries.of("n1", "n2");
    private static final Arbitrary<String> IMAGE = Arbitraries.of("busybox", "busybox:latest", "t1", "t2:x", "nope");
    private static final Arbitrary<String> BASE = Arbitraries.of(
            "busybox", "busybox", "busybox", "busybox", "busybox:latest", "busybox:latest", "t1", "t1", "nope");
    private static final Arbitrary<String> FORM =
            Arbitraries.of("%s", "%s", "%s", "%s", "{id:%s}", "{id:%s}", "{id:%s}", "{short:%s}", "no-%s");
    private static final Arbitrary<String> TAG = Arbitraries.of("t1", "t2");

    private Calls() {}

    /** Of any length, so that a failure shrinks to the few calls that matter. */
    static Arbitrary<List<Call>> sequence() {
        return any().list().ofMinSize(1).ofMaxSize(100).withSizeDistribution(RandomDistribution.uniform());
    }

    private static Arbitrary<Call> any() {
        return Arbitraries.frequencyOf(
                Tuple.of(12, createContainer()),
                Tuple.of(4, createJoining()),
                Tuple.of(18, onContainer()),
                Tuple.of(4, listContainers()),
                Tuple.of(4, exec()),
                Tuple.of(6, volumes()),
                Tuple.of(8, networks()),
                Tuple.of(6, images()));
    }

    /** By name, by full id, by short id; now and then what does not exist. */
    private static Arbitrary<String> containerReference() {
        return Combinators.combine(CONTAINER, FORM).as((name, form) -> form.formatted(name));
    }

    private static Arbitrary<String> networkReference() {
        return Combinators.combine(NETWORK, FORM).as((name, form) -> form.formatted(name));
    }

    private static Arbitrary<Call> createContainer() {
        Arbitrary<String> command = Arbitraries.of("\"sleep\",\"1000\"", "\"sh\",\"-c\",\"echo out; echo err >&2\"");
        Arbitrary<String> host = Arbitraries.of(
                "{}",
                "{}",
                "{}",
                "{}",
                "{}",
                "{}",
                "{\"NetworkMode\":\"n1\"}",
                "{\"NetworkMode\":\"n2\"}",
                "{\"NetworkMode\":\"none\"}",
                "{\"Binds\":[\"v1:/data\"]}",
                "{\"Binds\":[\"v2:/data:ro\"]}",
                "{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v1\",\"Target\":\"/data\"}]}",
                "{\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/data\"}]}",
                "{\"Memory\":67108864,\"Init\":true}");
        Arbitrary<String> labels = Arbitraries.of("{}", "{\"a\":\"1\"}", "{\"a\":\"2\",\"b\":\"\"}");
        return Combinators.combine(CONTAINER, BASE, command, host, labels)
                .as((name, image, words, hostConfig, label) -> Call.post(
                                "/containers/create?name=" + name,
                                "{\"Image\":\"%s\",\"Cmd\":[%s],\"Labels\":%s,\"StopSignal\":\"SIGKILL\",\"HostConfig\":%s}"
                                        .formatted(image, words, label, hostConfig))
                        .creating(name));
    }

    /** What joins another container. */
    private static Arbitrary<Call> createJoining() {
        Arbitrary<String> host = Arbitraries.of(
                "{\"NetworkMode\":\"container:%s\"}",
                "{\"PidMode\":\"container:%s\"}",
                "{\"IpcMode\":\"container:%s\"}",
                "{\"VolumesFrom\":[\"%s\"]}",
                "{\"VolumesFrom\":[\"%s:ro\"]}",
                "{\"Links\":[\"%s\"]}",
                "{\"Links\":[\"%s:db\"]}",
                "{\"NetworkMode\":\"n1\",\"Links\":[\"%s:db\"]}");
        Arbitrary<String> form = Arbitraries.of("%s", "%s", "{id:%s}", "{short:%s}");
        return Combinators.combine(CONTAINER, CONTAINER, form, host).as((name, other, reference, hostConfig) -> {
            String joined = reference.formatted(other);
            return Call.post(
                            "/containers/create?name=" + name,
                            "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"1000\"],\"StopSignal\":\"SIGKILL\",\"HostConfig\":%s}"
                                    .formatted(hostConfig.formatted(joined)))
                    .needing(joined)
                    .creating(name);
        });
    }

    private static Arbitrary<Call> onContainer() {
        // A signal that nothing minds: one that kills does so after the answer, and so does a race.
        Arbitrary<String> post = Arbitraries.of(
                "/start",
                "/start",
                "/start",
                "/stop?t=0",
                "/kill",
                "/kill?signal=SIGWINCH",
                "/pause",
                "/unpause",
                "/restart?t=0",
                "/rename?name=w1",
                "/rename?name=w3",
                "/rename?name=",
                "/wait?condition=not-running",
                "/resize?h=20&w=80");
        Arbitrary<String> get = Arbitraries.of(
                "/json",
                "/json",
                "/changes",
                "/logs?stdout=1",
                "/logs",
                "/archive?path=/etc/passwd",
                "/archive?path=/no/such",
                "/top?ps_args=-o%20pid",
                "/stats?stream=0&one-shot=1");
        return Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Combinators.combine(containerReference(), post)
                                .as((container, action) -> guarded(container, action))),
                Tuple.of(
                        6,
                        Combinators.combine(containerReference(), get)
                                .as((container, action) -> Call.get("/containers/" + container + action))),
                Tuple.of(
                        1,
                        containerReference()
                                .map(container -> Call.head("/containers/" + container + "/archive?path=/etc/passwd"))),
                Tuple.of(
                        1,
                        containerReference()
                                .map(container -> Call.post(
                                        "/containers/" + container + "/update",
                                        "{\"Memory\":134217728,\"MemorySwap\":-1}"))),
                Tuple.of(
                        2,
                        Combinators.combine(containerReference(), Arbitraries.of("", "?force=1", "?force=1&v=1"))
                                .as((container, how) -> Call.delete("/containers/" + container + how))),
                Tuple.of(1, Arbitraries.just(Call.post("/containers/prune"))));
    }

    /** A wait for a container that runs would last: it is killed first, in the same breath. */
    private static Call guarded(String container, String action) {
        return action.startsWith("/wait")
                ? Call.post("/containers/" + container + "/stop?t=0")
                : Call.post("/containers/" + container + action);
    }

    private static Arbitrary<Call> listContainers() {
        Arbitrary<String> filters = Arbitraries.of(
                "{}",
                "{\"name\":[\"w1\"]}",
                "{\"name\":[\"^/w1$\"]}",
                "{\"name\":[\"^w[12]$\"]}",
                "{\"name\":{\"w2\":true}}",
                "{\"label\":[\"a\"]}",
                "{\"label\":[\"a=1\"]}",
                "{\"label\":[\"io.dockerworkflow.session\"]}",
                "{\"status\":[\"running\"]}",
                "{\"status\":[\"exited\",\"created\"]}",
                "{\"volume\":[\"v1\"]}",
                "{\"volume\":[\"/data\"]}",
                "{\"network\":[\"n1\"]}",
                "{\"ancestor\":[\"busybox\"]}",
                "{\"ancestor\":[\"t1\"]}",
                "{\"before\":[\"w2\"]}",
                "{\"since\":[\"w1\"]}",
                "{\"exited\":[\"137\"]}",
                "{\"nonsense\":[\"1\"]}");
        Arbitrary<String> scope = Arbitraries.of("", "&all=1", "&all=1", "&limit=1", "&all=1&limit=2");
        return Combinators.combine(filters, scope)
                .as((filter, rest) -> Call.get("/containers/json?filters=" + encoded(filter) + rest));
    }

    private static Arbitrary<Call> exec() {
        Arbitrary<String> body = Arbitraries.of(
                "{\"Cmd\":[\"echo\",\"hi\"],\"AttachStdout\":true,\"AttachStderr\":true}",
                "{\"Cmd\":[\"sh\",\"-c\",\"exit 3\"],\"AttachStdout\":true}",
                "{\"Cmd\":[]}");
        Arbitrary<Call> create = Combinators.combine(containerReference(), body)
                .as((container, spec) ->
                        Call.post("/containers/" + container + "/exec", spec).creating("exec"));
        return Arbitraries.oneOf(
                create,
                Arbitraries.just(Call.post("/exec/{id:exec}/start", "{\"Detach\":true}")),
                Arbitraries.just(Call.get("/exec/{id:never}/json")));
    }

    private static Arbitrary<Call> volumes() {
        Arbitrary<String> reference = Arbitraries.of("v1", "v2", "no-such");
        Arbitrary<String> filters = Arbitraries.of(
                "{}",
                "{\"name\":[\"v1\"]}",
                "{\"label\":[\"a\"]}",
                "{\"dangling\":[\"true\"]}",
                "{\"driver\":[\"local\"]}");
        return Arbitraries.oneOf(
                VOLUME.map(name ->
                        Call.post("/volumes/create", "{\"Name\":\"%s\",\"Labels\":{\"a\":\"1\"}}".formatted(name))),
                reference.map(name -> Call.get("/volumes/" + name)),
                Combinators.combine(reference, Arbitraries.of("", "?force=1"))
                        .as((name, how) -> Call.delete("/volumes/" + name + how)),
                filters.map(filter -> Call.get("/volumes?filters=" + encoded(filter))),
                Arbitraries.of("/volumes/prune", "/volumes/prune?filters=" + encoded("{\"label\":[\"a=1\"]}"))
                        .map(Call::post));
    }

    private static Arbitrary<Call> networks() {
        Arbitrary<String> filters = Arbitraries.of(
                "{}",
                "{\"name\":[\"n1\"]}",
                "{\"label\":[\"a\"]}",
                "{\"driver\":[\"bridge\"]}",
                "{\"type\":[\"custom\"]}",
                "{\"dangling\":[\"true\"]}",
                "{\"id\":[\"nope\"]}");
        Arbitrary<Call> create = NETWORK.map(name -> Call.post(
                        "/networks/create",
                        "{\"Name\":\"%s\",\"CheckDuplicate\":true,\"Labels\":{\"a\":\"1\"}}".formatted(name))
                .creating(name));
        // Mostly in one direction, so that they meet.
        Arbitrary<Call> configured = Arbitraries.of(
                        Tuple.of("n1", "\"ConfigOnly\":true,\"Labels\":{\"a\":\"1\"}"),
                        Tuple.of("n1", "\"ConfigOnly\":true"),
                        Tuple.of("n2", "\"ConfigFrom\":{\"Network\":\"n1\"}"),
                        Tuple.of("n2", "\"ConfigFrom\":{\"Network\":\"n1\"}"),
                        Tuple.of("n2", "\"ConfigFrom\":{\"Network\":\"{id:n1}\"}"),
                        Tuple.of("n2", "\"ConfigFrom\":{\"Network\":\"n1\"},\"Labels\":{\"a\":\"1\"}"),
                        Tuple.of("n1", "\"ConfigFrom\":{\"Network\":\"n2\"}"))
                .map(network -> Call.post(
                                "/networks/create",
                                "{\"Name\":\"%s\",\"CheckDuplicate\":true,%s}"
                                        .formatted(network.get1(), network.get2()))
                        .creating(network.get1()));
        Arbitrary<Call> connect = Combinators.combine(
                        networkReference(),
                        containerReference(),
                        Arbitraries.of(
                                "{\"Container\":\"%s\"}",
                                "{\"Container\":\"%s\",\"EndpointConfig\":{\"Aliases\":[\"other\"]}}"))
                .as((network, container, body) ->
                        Call.post("/networks/" + network + "/connect", body.formatted(container)));
        Arbitrary<Call> disconnect = Combinators.combine(
                        networkReference(), containerReference(), Arbitraries.of(true, false))
                .as((network, container, force) -> Call.post(
                        "/networks/" + network + "/disconnect",
                        "{\"Container\":\"%s\",\"Force\":%s}".formatted(container, force)));
        return Arbitraries.oneOf(
                create,
                create,
                configured,
                configured,
                connect,
                disconnect,
                networkReference().map(network -> Call.get("/networks/" + network)),
                networkReference().map(network -> Call.delete("/networks/" + network)),
                filters.map(filter -> Call.get("/networks?filters=" + encoded(filter))),
                Arbitraries.just(Call.post("/networks/prune")));
    }

    private static Arbitrary<Call> images() {
        Arbitrary<String> filters = Arbitraries.of(
                "{}", "{\"reference\":[\"busybox\"]}", "{\"reference\":[\"t*\"]}", "{\"dangling\":[\"true\"]}");
        return Arbitraries.oneOf(
                filters.map(filter -> Call.get("/images/json?filters=" + encoded(filter))),
                IMAGE.map(image -> Call.get("/images/" + image + "/json")),
                IMAGE.map(image -> Call.get("/images/" + image + "/history")),
                Combinators.combine(IMAGE, TAG).as((image, tag) -> Call.post("/images/" + image + "/tag?repo=" + tag)),
                TAG.map(tag -> Call.delete("/images/" + tag)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
