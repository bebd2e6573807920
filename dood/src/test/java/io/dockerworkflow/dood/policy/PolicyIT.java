package io.dockerworkflow.dood.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.SessionPolicy;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.EngineUnderTest;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.dood.testsupport.RawClient.Outcome;
import io.dockerworkflow.internal.children.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The known ways around a policy, on a real engine: each is refused, and nothing on the engine has changed. */
@Timeout(120)
class PolicyIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path temporary;

    private static PolicyVictims victims;
    private static DockerSession session;
    private static DockerSession other;
    private static RawClient gateway;

    @BeforeAll
    static void makeVictims() throws IOException {
        victims = new PolicyVictims(temporary);
        session = victims.session;
        other = victims.other;
        gateway = victims.gateway;
    }

    @AfterAll
    static void removeVictims() {
        victims.close();
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
        Map<String, String> before = victims.state();
        String theirLabel = "%7B%22label%22%3A%7B%22" + Labels.SESSION + "%3D" + other.id() + "%22%3Atrue%7D%7D";
        for (String kind : List.of("containers", "networks", "volumes", "images")) {
            for (String query : List.of(
                    "",
                    "?filters=" + theirLabel,
                    "?filters=%7B%22label!%22%3A%5B%22" + Labels.SESSION + "%22%5D%7D",
                    "?filters=%7B%22all%22%3A%5B%22true%22%5D%2C%22dangling%22%3A%5B%22false%22%5D%7D",
                    "?Filters=%7B%7D&filters=" + theirLabel)) {
                gateway.request("POST", "/" + kind + "/prune" + query, Map.of(), "");
                // Go takes parameters from such a body too, and before those of the query.
                gateway.request(
                        "POST",
                        "/" + kind + "/prune" + query,
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        "filters=%7B%7D");
            }
        }
        assertThat(victims.state()).isEqualTo(before);
    }

    @Test
    void parametersWhenInTheBodyOfAFormAreNotTaken() throws IOException {
        Map<String, String> before = victims.state();
        Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
        Outcome build = gateway.request(
                "POST", "/build", form, "remote=http%3A%2F%2F127.0.0.1%3A1%2F&networkmode=host&cgroupparent=x");
        assertThat(build.status()).get().isNotEqualTo(200);
        gateway.request("POST", "/commit", form, "container=" + victims.name("$PLAIN") + "&repo=stolen");
        gateway.request("POST", "/images/create", form, "fromSrc=-&repo=x&changes=LABEL+a=b");
        gateway.request("POST", "/containers/mine/rename", form, "name=" + victims.name("$OTHERNAME"));
        assertThat(victims.state()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("listings")
    void listingWhenNotFilteredTellsNothingOfOthers(String target) {
        Outcome answer = victims.session("GET", target, "");
        assertThat(answer.status()).as(target).contains(200);
        assertThat(answer.body())
                .as(target)
                .doesNotContain(
                        victims.name("$PLAIN"),
                        victims.name("$PLAINID"),
                        victims.name("$OTHERID"),
                        other.id().value());
    }

    static Stream<String> listings() {
        return Stream.of(
                "/containers/json?all=1",
                "/containers/json?all=1&filters={\"label\":[\"" + Labels.SESSION + "\"]}",
                "/containers/json?all=1&filters={\"ancestor\":[\"busybox\"]}&filters={}",
                "/networks",
                "/networks/bridge",
                "/networks/bridge?verbose=1",
                "/volumes",
                "/images/json?all=1",
                "/images/json?filters={\"reference\":[\"*\"]}",
                "/system/df",
                "/info",
                "/events?since=1&until=$NOW");
    }

    @ParameterizedTest
    @MethodSource("filteredListings")
    void listingWhenFilteredForOthersAnswersAsIfThereWereNone(String target) throws IOException {
        assertThat(victims.comparable(victims.session("GET", target, "")))
                .isEqualTo(victims.comparable(victims.engineWithNothing("GET", target, "")));
    }

    static Stream<String> filteredListings() {
        String session = Labels.SESSION;
        return Stream.of(
                "/containers/json?all=1&filters={\"id\":[\"$PLAINID\"]}",
                "/containers/json?all=1&filters={\"name\":{\"$PLAIN\":true}}",
                "/containers/json?all=1&filters={\"label\":[\"" + session + "=$OTHER\"]}",
                "/containers/json?all=1&filters={\"network\":[\"$FOREIGNNETWORK\"]}",
                "/containers/json?all=1&filters={\"network\":[\"$FOREIGNNETWORKID\"]}",
                "/containers/json?all=1&filters={\"volume\":[\"$FOREIGNVOLUME\"]}",
                "/containers/json?all=1&filters={\"before\":[\"$PLAIN\"]}",
                "/containers/json?all=1&filters={\"since\":[\"$PLAINID\"]}",
                "/containers/json?all=1&filters={\"ancestor\":[\"$OTHERIMAGE\"]}",
                "/networks?filters={\"name\":[\"$FOREIGNNETWORK\"]}",
                "/networks?filters={\"id\":[\"$FOREIGNNETWORKID\"]}",
                "/volumes?filters={\"name\":[\"$FOREIGNVOLUME\"]}",
                "/images/json?filters={\"reference\":[\"$OTHERIMAGE\"]}",
                "/images/json?filters={\"since\":[\"$OTHERIMAGE\"]}",
                "/events?since=1&until=$NOW&filters={\"container\":[\"$PLAINID\"]}",
                "/events?since=1&until=$NOW&filters={\"label\":[\"" + session + "=$OTHER\"]}");
    }

    @ParameterizedTest
    @MethodSource("networks")
    void containerWhenItNamesAnothersNetworkDoesNotJoinIt(String body) throws IOException {
        // Like the engine, the gateway looks for the network at the start only.
        Outcome created =
                gateway.request("POST", "/containers/create?name=joiner", PolicyVictims.AS_JSON, victims.filled(body));
        try {
            Outcome started = gateway.request("POST", "/containers/joiner/start", Map.of(), "");
            assertThat(List.of(created.status().orElse(0), started.status().orElse(0)))
                    .as(created.text() + started.text())
                    .containsAnyOf(403, 404);
            for (String network : List.of("$FOREIGNNETWORK", "$HOSTNETWORKID")) {
                assertThat(victims.get("/networks/" + victims.name(network))
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
                PolicyVictims.AS_JSON,
                victims.filled(
                        "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"60\"],\"NetworkingConfig\":{\"EndpointsConfig\":{\"bridge\":"
                                + "{\"NetworkID\":\"$FOREIGNNETWORKID\"}}}}"));
        gateway.request("POST", "/containers/joiner/start", Map.of(), "");
        assertThat(victims.get("/networks/" + victims.name("$FOREIGNNETWORK")).path("Containers"))
                .isEmpty();
        gateway.request("DELETE", "/containers/joiner?force=1", Map.of(), "");
    }

    /** As dockerode does, and with it Testcontainers for Node. */
    @Test
    void parametersWhenSentInTheBodyAgainCountInTheQueryOnly() {
        Outcome created = gateway.request(
                "POST",
                "/containers/create?name=asked",
                PolicyVictims.AS_JSON,
                "{\"name\":\"repeated\",\"platform\":\"none/such\",\"Image\":\"busybox\",\"Cmd\":[\"true\"]}");
        assertThat(created.status().orElse(0)).as(created.text()).isEqualTo(201);
        Outcome committed = gateway.request(
                "POST",
                "/commit?container=asked&repo=app&tag=asked",
                PolicyVictims.AS_JSON,
                "{\"container\":\"asked\",\"repo\":\"app\",\"tag\":\"repeated\",\"comment\":\"none\"}");
        assertThat(committed.status().orElse(0)).as(committed.text()).isEqualTo(201);
        assertThat(gateway.request("GET", "/containers/repeated/json", Map.of(), "")
                        .status()
                        .orElse(0))
                .isEqualTo(404);
        assertThat(gateway.request("GET", "/images/app:asked/json", Map.of(), "")
                        .text())
                .contains("\"app:asked\"")
                .doesNotContain("repeated");
        assertThat(gateway.request("DELETE", "/images/app:asked", Map.of(), "")
                        .status()
                        .orElse(0))
                .isEqualTo(200);
        assertThat(gateway.request("DELETE", "/containers/asked?force=1", Map.of(), "")
                        .status()
                        .orElse(0))
                .isEqualTo(204);
    }

    /** As engines do for clients of API 1.23 and before, which those from 25 on refuse. */
    @Test
    void startWhenAnOldClientGivesItAHostConfigurationDoesNotTakeIt() {
        Outcome ping = gateway.request("GET", "/v1.22/_ping", Map.of(), "");
        String version = ping.status().orElse(0) == 200 ? "/v1.22" : "";
        gateway.request(
                "POST",
                version + "/containers/create?name=old",
                PolicyVictims.AS_JSON,
                "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"60\"]}");
        Outcome started = gateway.request(
                "POST",
                version + "/containers/old/start",
                PolicyVictims.AS_JSON,
                "{\"Privileged\":true,\"PidMode\":\"host\",\"Binds\":[\"/:/host\"]}");
        assertThat(started.status().orElse(0)).as(started.text()).isEqualTo(204);
        assertThat(gateway.request("GET", "/containers/old/json", Map.of(), "").text())
                .contains("\"Running\":true", "\"Privileged\":false", "\"PidMode\":\"\"", "\"Mounts\":[]")
                .doesNotContain("/:/host");
        gateway.request("DELETE", "/containers/old?force=1", Map.of(), "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"$FOREIGNCONFIG", "$OTHERCONFIG", "$FOREIGNNETWORK", "$FOREIGNNETWORKID", "bridge", "host", "nat"
            })
    void networkWhenItTakesAnothersConfigurationIsRefused(String configuration) throws IOException {
        Map<String, String> before = victims.state();
        String body = "{\"Name\":\"n\",\"ConfigFrom\":{\"Network\":\"" + configuration + "\"}}";
        Outcome answer = victims.session("POST", "/networks/create", body);
        assertThat(answer.status()).as(answer.text()).contains(404);
        assertThat(victims.comparable(answer))
                .isEqualTo(victims.comparable(victims.engineWithNothing("POST", "/networks/create", body)));
        assertThat(victims.state()).isEqualTo(before);
    }

    @Test
    void volumeWhenNamedLikeAnothersIsTheSessionsOwn() throws IOException {
        // A session of its own, for its events name what others look for in the events of the one they share.
        try (DockerSession third = DoodWorkflow.create().open()) {
            Cli cli = new Cli(third);
            cli.docker("run", "--rm", "-v", victims.name("$OTHERVOLUME") + ":/v", "busybox", "touch", "/v/mark")
                    .ok();
            assertThat(new Cli(other).docker("exec", "db", "ls", "/d").ok()).isEmpty();
            cli.docker("volume", "rm", victims.name("$OTHERVOLUME")).ok();
        }
    }

    @Test
    void bindWhenBelowTheWorkspaceWorks() throws IOException {
        String workspace = victims.name("$WORKSPACE");
        new Cli(session)
                .docker("run", "--rm", "-v", workspace + "/new:/w", "busybox", "touch", "/w/mark")
                .ok();
        assertThat(Path.of(workspace, "new/mark")).exists();
    }

    @Test
    void startWhenABoundDirectoryBecameALinkIsRefused() throws IOException {
        Path directory = Files.createDirectory(Path.of(victims.name("$WORKSPACE"), "swapped"));
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
                        // Whatever client the image has, to an engine that may refuse older versions.
                        "-e",
                        "DOCKER_API_VERSION=" + EngineUnderTest.version().api(),
                        "--entrypoint",
                        "docker",
                        "docker:dind",
                        "ps",
                        "--format",
                        "{{.Names}}")
                .ok();
        assertThat(mounted).contains("mine").doesNotContain(victims.name("$PLAIN"));
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

    private void refused(String request, String body, String expected, String description) throws IOException {
        Map<String, String> before = victims.state();
        int space = request.indexOf(' ');
        String method = request.substring(0, space);
        String target = request.substring(space + 1);
        Outcome answer = victims.session(method, target, body);
        if (expected.equals("unknown")) {
            assertThat(victims.comparable(answer))
                    .as(description)
                    .isEqualTo(victims.comparable(victims.engineWithNothing(method, target, body)));
            assertThat(victims.state()).as(description).isEqualTo(before);
            return;
        }
        if (answer.status().equals(Optional.of(301))) {
            // Like the engine, the gateway sends a client to the clean path.
            answer = victims.session(method, answer.header("Location").orElseThrow(), body);
        }
        assertThat(answer.status()).as(description + ": " + answer.text()).contains(Integer.valueOf(expected));
        String message = JSON.readTree(answer.body()).path("message").asText();
        assertThat(message).as(description).isNotBlank();
        if (expected.equals("403") && target.contains("/create") && method.equals("POST")) {
            assertThat(message)
                    .as(description)
                    .containsPattern("is refused by the session's policy \\(|duplicate key \"");
        }
        assertThat(victims.state()).as(description).isEqualTo(before);
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
