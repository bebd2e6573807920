package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.RawClient.Outcome;
import io.dockerworkflow.spi.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The known ways around a policy, on a real engine: each is refused, and nothing on the engine has changed. */
@Timeout(120)
class PolicyIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RawClient ENGINE = new RawClient(Path.of("/var/run/docker.sock"));
    private static final Map<String, String> AS_JSON = Map.of("Content-Type", "application/json");

    @TempDir
    static Path temporary;

    private static final Map<String, String> NAMES = new LinkedHashMap<>();
    private static DockerSession session;
    private static DockerSession other;
    private static RawClient gateway;

    @BeforeAll
    static void makeVictims() throws IOException {
        Path workspace = Files.createDirectory(temporary.toRealPath().resolve("workspace"));
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("/etc"));
        Files.createSymbolicLink(workspace.resolve("dangling"), temporary.resolve("not-there"));
        session = DoodWorkflow.create().open(SessionOptions.defaults().workspace(workspace));
        other = DoodWorkflow.create().open();
        gateway = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());

        Cli theirs = new Cli(other);
        theirs.docker("network", "create", "app").ok();
        theirs.docker("run", "-d", "--name", "db", "--network", "app", "-v", "data:/d", "busybox", "sleep", "900")
                .ok();
        theirs.docker("tag", "busybox", "theirs:1");
        new Cli(session)
                .docker("run", "-d", "--name", "mine", "busybox", "sleep", "900")
                .ok();

        String plain = "policy-victim-" + session.id();
        NAMES.put(
                "$PLAINID",
                made("/containers/create?name=" + plain, "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"900\"]}"));
        post("/containers/" + plain + "/start", "");
        NAMES.put("$PLAINPREFIX", NAMES.get("$PLAINID").substring(0, 12));
        NAMES.put("$PLAIN", plain);
        NAMES.put("$FOREIGNEXEC", made("/containers/" + plain + "/exec", "{\"Cmd\":[\"true\"]}"));
        NAMES.put("$FOREIGNNETWORKID", made("/networks/create", "{\"Name\":\"" + plain + "\"}"));
        NAMES.put("$FOREIGNNETWORK", plain);
        post("/volumes/create", "{\"Name\":\"" + plain + "\"}");
        NAMES.put("$FOREIGNVOLUME", plain);
        NAMES.put("$HOSTNETWORKID", get("/networks/host").path("Id").asText());
        String prefix = "dw-" + other.id() + "-";
        NAMES.put("$OTHERNAME", prefix + "db");
        NAMES.put(
                "$OTHERID", get("/containers/" + prefix + "db/json").path("Id").asText());
        NAMES.put("$OTHERVOLUME", prefix + "data");
        NAMES.put("$OTHERIMAGE", theirTag());
        NAMES.put("$OTHER", other.id().value());
        NAMES.put("$OWN", "mine");
        NAMES.put("$WORKSPACE", workspace.toString());
        NAMES.put("$LINK", workspace + "/link");
        NAMES.put("$DANGLING", workspace + "/dangling");
    }

    @AfterAll
    static void removeVictims() {
        ENGINE.request("DELETE", "/containers/" + NAMES.get("$PLAIN") + "?force=1", Map.of(), "");
        ENGINE.request("DELETE", "/networks/" + NAMES.get("$FOREIGNNETWORK"), Map.of(), "");
        ENGINE.request("DELETE", "/volumes/" + NAMES.get("$FOREIGNVOLUME"), Map.of(), "");
        other.close();
        session.close();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void containerWhenItAsksForTheHostIsRefused(String field) throws IOException {
        for (Map.Entry<String, UnaryOperator<String>> spelling : spellings().entrySet()) {
            refused("POST /containers/create", spelling.getValue().apply(field), "403", spelling.getKey());
        }
    }

    /** One way of writing a field of HostConfig, each of which an engine of some version understands. */
    private static Map<String, UnaryOperator<String>> spellings() {
        Map<String, UnaryOperator<String>> spellings = new LinkedHashMap<>();
        spellings.put("plain", field -> "{\"Image\":\"busybox\",\"HostConfig\":{" + field + "}}");
        spellings.put(
                "other case",
                field -> "{\"image\":\"busybox\",\"hOSTcONFIG\":{"
                        + field.substring(0, field.indexOf(':')).toLowerCase(java.util.Locale.ROOT)
                        + field.substring(field.indexOf(':')) + "}}");
        spellings.put(
                "letters that fold",
                field -> "{\"Image\":\"busybox\",\"Ho\u017FtConfig\":{" + field.replaceFirst("s", "\u017F") + "}}");
        spellings.put("top of the body", field -> "{\"Image\":\"busybox\"," + field + "}");
        spellings.put(
                "escaped key",
                field -> "{\"Image\":\"busybox\",\"HostConfig\":{\"\\u00" + Integer.toHexString(field.charAt(1))
                        + field.substring(2) + "}}");
        spellings.put(
                "harmless twin before",
                field -> "{\"Image\":\"busybox\",\"HostConfig\":{},\"hostConfig\":{" + field + "}}");
        spellings.put(
                "harmless twin behind",
                field -> "{\"Image\":\"busybox\",\"HostConfig\":{" + field + "},\"HostConfig\":{}}");
        return spellings;
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void requestWhenItReachesPastTheSessionIsRefused(String attack) throws IOException {
        String[] columns = attack.split("\\|");
        refused(columns[0].strip(), columns[1].strip(), columns[2].strip(), attack);
    }

    @Test
    void pruneWhenAimedAtOthersRemovesNothingOfTheirs() throws IOException {
        Map<String, String> before = engine();
        String theirLabel = "%7B%22label%22%3A%7B%22" + Labels.SESSION + "%3D" + other.id() + "%22%3Atrue%7D%7D";
        for (String kind : List.of("containers", "networks", "volumes", "images")) {
            for (String query : List.of(
                    "",
                    "?filters=" + theirLabel,
                    "?filters=%7B%22label!%22%3A%5B%22" + Labels.SESSION + "%22%5D%7D",
                    "?filters=%7B%22all%22%3A%5B%22true%22%5D%2C%22dangling%22%3A%5B%22false%22%5D%7D",
                    "?Filters=%7B%7D&filters=" + theirLabel)) {
                gateway.request("POST", "/v1.41/" + kind + "/prune" + query, Map.of(), "");
                // Go takes parameters from such a body too, and before those of the query.
                gateway.request(
                        "POST",
                        "/v1.41/" + kind + "/prune" + query,
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        "filters=%7B%7D");
            }
        }
        assertThat(engine()).isEqualTo(before);
    }

    @Test
    void parametersWhenInTheBodyOfAFormAreNotTaken() throws IOException {
        Map<String, String> before = engine();
        Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
        Outcome build = gateway.request(
                "POST", "/build", form, "remote=http%3A%2F%2F127.0.0.1%3A1%2F&networkmode=host&cgroupparent=x");
        assertThat(build.status()).get().isNotEqualTo(200);
        gateway.request("POST", "/commit", form, "container=" + NAMES.get("$PLAIN") + "&repo=stolen");
        gateway.request("POST", "/images/create", form, "fromSrc=-&repo=x&changes=LABEL+a=b");
        gateway.request("POST", "/containers/mine/rename", form, "name=" + NAMES.get("$OTHERNAME"));
        assertThat(engine()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("listings")
    void listingWhenFilteredForOthersTellsNothing(String target) {
        Outcome answer = gateway.request("GET", filled(target), Map.of(), "");
        assertThat(answer.status()).as(target).get().isIn(200, 400, 404, 500);
        // An error repeats what was asked for.
        String told = answer.status().equals(Optional.of(200)) ? answer.body() : "";
        assertThat(told)
                .as(target)
                .doesNotContain(
                        NAMES.get("$PLAIN"),
                        NAMES.get("$PLAINID"),
                        NAMES.get("$OTHERID"),
                        other.id().value());
    }

    static Stream<String> listings() {
        String session = Labels.SESSION;
        return Stream.of(
                "/containers/json?all=1",
                "/containers/json?all=1&filters={\"id\":[\"$PLAINID\"]}",
                "/containers/json?all=1&filters={\"name\":{\"$PLAIN\":true}}",
                "/containers/json?all=1&filters={\"label\":[\"" + session + "=$OTHER\"]}",
                "/containers/json?all=1&filters={\"label\":[\"" + session + "\"]}",
                "/containers/json?all=1&filters={\"network\":[\"$FOREIGNNETWORK\"]}",
                "/containers/json?all=1&filters={\"volume\":[\"$FOREIGNVOLUME\"]}",
                "/containers/json?all=1&filters={\"before\":[\"$PLAIN\"]}",
                "/containers/json?all=1&filters={\"ancestor\":[\"busybox\"]}&filters={}",
                "/networks",
                "/networks?filters={\"name\":[\"$FOREIGNNETWORK\"]}",
                "/networks?filters={\"id\":[\"$FOREIGNNETWORKID\"]}",
                "/networks/bridge",
                "/networks/bridge?verbose=1",
                "/volumes",
                "/volumes?filters={\"name\":[\"$FOREIGNVOLUME\"]}",
                "/images/json?all=1",
                "/images/json?filters={\"reference\":[\"*\"]}",
                "/system/df",
                "/info",
                "/events?since=1&until=2000000000",
                "/events?since=1&until=2000000000&filters={\"container\":[\"$PLAINID\"]}",
                "/events?since=1&until=2000000000&filters={\"label\":[\"" + session + "=$OTHER\"]}");
    }

    @ParameterizedTest
    @MethodSource("networks")
    void containerWhenItNamesAnothersNetworkDoesNotJoinIt(String body) throws IOException {
        // Like the engine, the gateway looks for the network at the start only.
        Outcome created = gateway.request("POST", "/containers/create?name=joiner", AS_JSON, filled(body));
        try {
            Outcome started = gateway.request("POST", "/containers/joiner/start", Map.of(), "");
            assertThat(List.of(created.status().orElse(0), started.status().orElse(0)))
                    .as(created.text() + started.text())
                    .containsAnyOf(403, 404);
            for (String network : List.of("$FOREIGNNETWORK", "$HOSTNETWORKID")) {
                assertThat(get("/networks/" + NAMES.get(network))
                                .path("Containers")
                                .toString())
                        .doesNotContain(session.id().value());
            }
        } finally {
            gateway.request("DELETE", "/containers/joiner?force=1", Map.of(), "");
        }
    }

    static Stream<String> networks() {
        return Stream.of(
                "{\"Image\":\"busybox\",\"HostConfig\":{\"NetworkMode\":\"$FOREIGNNETWORK\"}}",
                "{\"Image\":\"busybox\",\"networkmode\":\"$FOREIGNNETWORKID\"}",
                "{\"Image\":\"busybox\",\"NetworkingConfig\":{\"EndpointsConfig\":{\"$FOREIGNNETWORK\":{}}}}",
                "{\"Image\":\"busybox\",\"networkingconfig\":{\"endpointsconfig\":{\"$FOREIGNNETWORKID\":{}}}}",
                "{\"Image\":\"busybox\",\"HostConfig\":{\"NetworkMode\":\"$HOSTNETWORKID\"}}",
                "{\"Image\":\"busybox\",\"HostConfig\":{\"NetworkMode\":\"bridge\"},\"NetworkingConfig\":{\"EndpointsConfig\":{"
                        + "\"$HOSTNETWORKID\":{}}}}");
    }

    @Test
    void endpointWhenItsNetworkIdIsAnothersDoesNotJoinIt() throws IOException {
        gateway.request(
                "POST",
                "/containers/create?name=joiner",
                AS_JSON,
                filled(
                        "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"60\"],\"NetworkingConfig\":{\"EndpointsConfig\":{\"bridge\":"
                                + "{\"NetworkID\":\"$FOREIGNNETWORKID\"}}}}"));
        gateway.request("POST", "/containers/joiner/start", Map.of(), "");
        assertThat(get("/networks/" + NAMES.get("$FOREIGNNETWORK")).path("Containers"))
                .isEmpty();
        gateway.request("DELETE", "/containers/joiner?force=1", Map.of(), "");
    }

    @Test
    void volumeWhenNamedLikeAnothersIsTheSessionsOwn() throws IOException {
        // A session of its own, for its events name what others look for in the events of the one they share.
        try (DockerSession third = DoodWorkflow.create().open()) {
            Cli cli = new Cli(third);
            cli.docker("run", "--rm", "-v", NAMES.get("$OTHERVOLUME") + ":/v", "busybox", "touch", "/v/mark")
                    .ok();
            assertThat(new Cli(other).docker("exec", "db", "ls", "/d").ok()).isEmpty();
            cli.docker("volume", "rm", NAMES.get("$OTHERVOLUME")).ok();
        }
    }

    @Test
    void bindWhenBelowTheWorkspaceWorks() throws IOException {
        String workspace = NAMES.get("$WORKSPACE");
        new Cli(session)
                .docker("run", "--rm", "-v", workspace + "/new:/w", "busybox", "touch", "/w/mark")
                .ok();
        assertThat(Path.of(workspace, "new/mark")).exists();
    }

    @Test
    void startWhenABoundDirectoryBecameALinkIsRefused() throws IOException {
        Path directory = Files.createDirectory(Path.of(NAMES.get("$WORKSPACE"), "swapped"));
        Cli cli = new Cli(session);
        cli.docker("create", "--name", "swapped", "-v", directory + ":/w", "busybox", "ls", "/w")
                .ok();
        Files.delete(directory);
        Files.createSymbolicLink(directory, Path.of("/etc"));
        try {
            assertThat(cli.docker("start", "-a", "swapped").output()).contains("it now leads outside the workspace");
        } finally {
            Files.delete(directory);
            cli.docker("rm", "-f", "swapped").ok();
        }
    }

    @Test
    void portWhenPublishedWithoutAddressIsOnLoopback() {
        Cli cli = new Cli(session);
        cli.docker("run", "-d", "--name", "published", "-p", "80", "busybox", "sleep", "600")
                .ok();
        assertThat(cli.docker("port", "published", "80").ok())
                .startsWith("127.0.0.1:")
                .doesNotContain("0.0.0.0");
        cli.docker("rm", "-f", "published").ok();
    }

    @Test
    void socketWhenBoundIsTheSessions() {
        Cli cli = new Cli(session);
        String mounted = cli.docker(
                        "run",
                        "--rm",
                        "-v",
                        "/var/run/docker.sock:/var/run/docker.sock",
                        "--entrypoint",
                        "docker",
                        "docker:dind",
                        "ps",
                        "--format",
                        "{{.Names}}")
                .ok();
        assertThat(mounted).contains("mine").doesNotContain(NAMES.get("$PLAIN"));
    }

    @Test
    void limitsWhenSetHoldForEveryContainer() {
        SessionPolicy limited = SessionPolicy.guarded()
                .maxContainers(1)
                .maxMemory(64L << 20)
                .maxCpus(0.5)
                .maxPids(20);
        try (DockerSession small = DoodWorkflow.create().policy(limited).open()) {
            Cli cli = new Cli(small);
            assertThat(cli.docker("create", "--memory=65m", "busybox").output())
                    .contains("limits: at most 67108864 bytes");
            cli.docker("run", "-d", "--name", "one", "busybox", "sleep", "600").ok();
            assertThat(cli.docker(
                                    "inspect",
                                    "--format",
                                    "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}" + " {{.HostConfig.PidsLimit}}",
                                    "one")
                            .ok())
                    .isEqualTo("67108864 500000000 20");
            assertThat(cli.docker("create", "busybox").output()).contains("at most 1 containers at a time");
            assertThat(cli.docker("update", "--pids-limit=-1", "one").output()).contains("at most 20 processes");
            cli.docker("rm", "-f", "one").ok();
            cli.docker("create", "busybox").ok();
        }
    }

    @Test
    void trustedWhenAskedForTheHostGivesIt() {
        try (DockerSession trusted =
                DoodWorkflow.create().policy(SessionPolicy.trusted()).open()) {
            assertThat(new Cli(trusted)
                            .docker("run", "--rm", "--pid=host", "-v", "/etc:/e:ro", "busybox", "ls", "/e/hostname")
                            .ok())
                    .isEqualTo("/e/hostname");
        }
    }

    private void refused(String request, String body, String statuses, String description) throws IOException {
        Map<String, String> before = engine();
        int space = request.indexOf(' ');
        String method = request.substring(0, space);
        String target = filled(request.substring(space + 1));
        Outcome answer = gateway.request(method, target, AS_JSON, filled(body));
        if (answer.status().equals(Optional.of(301))) {
            // Like the engine, the gateway sends a client to the clean path.
            answer = gateway.request(method, answer.header("Location").orElseThrow(), AS_JSON, filled(body));
        }
        int status = answer.status().orElse(0);
        assertThat(List.of(statuses.split(",")))
                .as(description + ": " + answer.text())
                .contains(String.valueOf(status));
        if (status == 204) {
            // The engine's answer to removing by force what does not exist.
            assertThat(engine()).as(description).isEqualTo(before);
            return;
        }
        JsonNode error = JSON.readTree(answer.body());
        if (!error.path("message").asText().equals("page not found")) {
            assertThat(error.path("message").asText()).as(description).isNotBlank();
        }
        if (statuses.equals("403") && target.contains("/create") && method.equals("POST")) {
            assertThat(error.path("message").asText())
                    .as(description)
                    .containsPattern("is refused by the session's policy \\(|duplicate key \"");
        }
        assertThat(engine()).as(description).isEqualTo(before);
    }

    private static String filled(String text) {
        String filled = text;
        // The longer names first: $PLAINID before $PLAIN.
        for (String name : NAMES.keySet().stream()
                .sorted((a, b) -> b.length() - a.length())
                .toList()) {
            filled = filled.replace(name, NAMES.get(name));
        }
        return filled.contains("filters={") ? encoded(filled) : filled;
    }

    private static String encoded(String target) {
        int mark = target.indexOf('?');
        try {
            return new URI(null, null, target.substring(0, mark), target.substring(mark + 1), null).toASCIIString();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException(target, e);
        }
    }

    /** All that an attack could change: the foreign objects, and what the session has. */
    private static Map<String, String> engine() throws IOException {
        Map<String, String> state = new LinkedHashMap<>();
        for (String foreign : List.of("$PLAINID", "$OTHERID")) {
            JsonNode container = get("/containers/" + NAMES.get(foreign) + "/json");
            ((com.fasterxml.jackson.databind.node.ObjectNode) container).remove("ExecIDs");
            state.put(foreign, container.toString());
        }
        state.put("network", get("/networks/" + NAMES.get("$FOREIGNNETWORK")).toString());
        state.put("volume", get("/volumes/" + NAMES.get("$FOREIGNVOLUME")).toString());
        state.put("their volume", get("/volumes/" + NAMES.get("$OTHERVOLUME")).toString());
        String mine = "%7B%22label%22%3A%5B%22" + Labels.SESSION + "%3D" + session.id() + "%22%5D%7D";
        state.put("containers", ids(get("/containers/json?all=1&filters=" + mine), "Id", "State"));
        state.put("networks", ids(get("/networks?filters=" + mine), "Id", "Name"));
        state.put("volumes", ids(get("/volumes?filters=" + mine).path("Volumes"), "Name", "Driver"));
        return state;
    }

    private static String ids(JsonNode list, String... fields) {
        List<String> ids = new ArrayList<>();
        list.forEach(item -> {
            for (String field : fields) {
                ids.add(item.path(field).asText());
            }
        });
        return ids.toString();
    }

    private static String theirTag() throws IOException {
        for (JsonNode image : get("/images/json")) {
            for (JsonNode tag : image.path("RepoTags")) {
                if (tag.asText().contains(other.id().value())) {
                    return tag.asText();
                }
            }
        }
        return "dw-" + other.id() + "-theirs:1";
    }

    private static String made(String target, String body) throws IOException {
        return post(target, body).path("Id").asText();
    }

    private static JsonNode post(String target, String body) throws IOException {
        Outcome answer = ENGINE.request("POST", "/v1.41" + target, AS_JSON, body);
        assertThat(answer.status()).as(answer.text()).get().isIn(200, 201, 204);
        return JSON.readTree(dechunked(answer));
    }

    private static JsonNode get(String target) throws IOException {
        Outcome answer = ENGINE.request("GET", "/v1.41" + target, Map.of(), "");
        assertThat(answer.status()).as(target + ": " + answer.text()).contains(200);
        return JSON.readTree(dechunked(answer));
    }

    private static String dechunked(Outcome answer) {
        if (answer.header("Transfer-Encoding").isEmpty()) {
            return answer.body();
        }
        StringBuilder whole = new StringBuilder();
        String rest = answer.body();
        while (true) {
            int line = rest.indexOf("\r\n");
            int size = Integer.parseInt(rest.substring(0, line), 16);
            if (size == 0) {
                return whole.toString();
            }
            whole.append(rest, line + 2, line + 2 + size);
            rest = rest.substring(line + 4 + size);
        }
    }

    static Stream<String> fields() {
        return lines("fields.txt");
    }

    static Stream<String> attacks() {
        return lines("attacks.txt");
    }

    private static Stream<String> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(PolicyIT.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
