package io.dockerworkflow.dood.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.EngineUnderTest;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.dood.testsupport.RawClient.Outcome;
import io.dockerworkflow.internal.children.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An attacked session, and what it could aim at: objects of another session and of nobody's. Requests are written with
 * placeholders, such as {@code $PLAINID}, in the place of their names.
 */
public final class PolicyVictims implements AutoCloseable {
    public static final Map<String, String> AS_JSON = Map.of("Content-Type", "application/json");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NO_ID = "0123456789abcdef".repeat(4);

    /** Stands for names that belong to other sessions: the gateway does not say them, not even to who has said them. */
    private static final String UNSAID = "no-such-name";

    final DockerSession session;
    final DockerSession other;
    final RawClient gateway;

    private final RawClient engine = new RawClient(EngineUnderTest.socket());
    private final String version = "/v" + EngineUnderTest.version().api();
    private final Map<String, String> names = new LinkedHashMap<>();

    /** What each placeholder would stand for if it stood for nothing that there is. */
    private final Map<String, String> nothing = new LinkedHashMap<>();

    PolicyVictims(Path directory) throws IOException {
        Path workspace = Files.createDirectory(directory.toRealPath().resolve("workspace"));
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("/etc"));
        Files.createSymbolicLink(workspace.resolve("dangling"), directory.resolve("not-there"));
        session = DoodWorkflow.create().open(SessionOptions.defaults().workspace(workspace));
        other = DoodWorkflow.create().open();
        gateway = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());

        Cli theirs = new Cli(other);
        theirs.docker("network", "create", "app").ok();
        theirs.docker("run", "-d", "--name", "db", "--network", "app", "-v", "data:/d", "busybox", "sleep", "900")
                .ok();
        theirs.docker("network", "create", "--config-only", "config").ok();
        theirs.docker("tag", "busybox", "theirs:1").ok();
        new Cli(session)
                .docker("run", "-d", "--name", "mine", "busybox", "sleep", "900")
                .ok();

        String plain = "policy-victim-" + session.id();
        String id = made("/containers/create?name=" + plain, "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"900\"]}");
        post("/containers/" + plain + "/start", "");
        foreign("$PLAINID", id, NO_ID);
        foreign("$PLAINPREFIX", id.substring(0, 12), NO_ID.substring(0, 12));
        foreign("$PLAIN", plain, "no-such-container");
        foreign("$FOREIGNEXEC", made("/containers/" + plain + "/exec", "{\"Cmd\":[\"true\"]}"), NO_ID);
        foreign("$FOREIGNNETWORKID", made("/networks/create", "{\"Name\":\"" + plain + "-net\"}"), NO_ID);
        foreign("$FOREIGNNETWORK", plain + "-net", "no-such-network");
        made("/networks/create", "{\"Name\":\"" + plain + "-config\",\"ConfigOnly\":true}");
        foreign("$FOREIGNCONFIG", plain + "-config", "no-such-configuration");
        post("/volumes/create", "{\"Name\":\"" + plain + "-vol\"}");
        foreign("$FOREIGNVOLUME", plain + "-vol", "no-such-volume");
        names.put("$HOSTNETWORKID", get("/networks/host").path("Id").asText());
        String prefix = "dw-" + other.id() + "-";
        foreign("$OTHERNAME", prefix + "db", UNSAID);
        foreign("$OTHERID", get("/containers/" + prefix + "db/json").path("Id").asText(), NO_ID);
        foreign("$OTHERVOLUME", prefix + "data", UNSAID);
        foreign("$OTHERCONFIG", prefix + "config", UNSAID);
        String image = theirTag();
        foreign("$OTHERIMAGE", image, UNSAID + image.substring(image.indexOf('/')));
        foreign("$OTHER", other.id().value(), "00000000");
        names.put("$OWN", "mine");
        names.put("$API", version);
        names.put("$WORKSPACE", workspace.toString());
        names.put("$LINK", workspace + "/link");
        names.put("$DANGLING", workspace + "/dangling");
    }

    private void foreign(String placeholder, String name, String unknown) {
        names.put(placeholder, name);
        nothing.put(placeholder, unknown);
    }

    @Override
    public void close() {
        engine.request("DELETE", "/containers/" + name("$PLAIN") + "?force=1", Map.of(), "");
        engine.request("DELETE", "/networks/" + name("$FOREIGNNETWORK"), Map.of(), "");
        engine.request("DELETE", "/networks/" + name("$FOREIGNCONFIG"), Map.of(), "");
        engine.request("DELETE", "/volumes/" + name("$FOREIGNVOLUME"), Map.of(), "");
        other.close();
        session.close();
    }

    String name(String placeholder) {
        return names.get(placeholder);
    }

    /** The text with the names that its placeholders stand for. */
    String filled(String text) {
        return encoded(replaced(text, names));
    }

    /** The answer of the gateway to a request that aims at what is foreign. */
    Outcome session(String method, String target, String body) {
        return gateway.request(method, filled(target), AS_JSON, filled(body));
    }

    /** The answer of the engine to the same request, if it aimed at what nobody has. */
    Outcome engineWithNothing(String method, String target, String body) {
        Map<String, String> unknown = new LinkedHashMap<>(nothing);
        unknown.put("$OWN", "dw-" + session.id() + "-mine");
        unknown.put("$API", version);
        String path = target.startsWith("$API") ? target : version + target;
        return engine.request(method, encoded(replaced(path, unknown)), AS_JSON, replaced(body, unknown));
    }

    /** An answer's status and body, in which what was asked for is called as if it were nothing. */
    String comparable(Outcome answer) throws IOException {
        String body = answer.status().orElse(0) == 204 ? "" : dechunked(answer).strip();
        body = body.replace("(another session's)", UNSAID);
        // Engine 20.10 says it twice of an image that it is to inspect.
        body = body.replaceFirst("no such image: [^ ]+: (?=No such image: )", "");
        for (String placeholder : nothing.keySet().stream()
                .sorted(Comparator.comparing((String each) -> name(each).length())
                        .reversed())
                .toList()) {
            body = body.replace(name(placeholder), nothing.get(placeholder));
        }
        return answer.status().orElse(0) + " " + body.replace("dw-" + session.id() + "-", "");
    }

    /** All that an attack could change: the foreign objects, and what the session has. */
    Map<String, String> state() throws IOException {
        Map<String, String> state = new LinkedHashMap<>();
        for (String foreign : List.of("$PLAINID", "$OTHERID")) {
            JsonNode container = get("/containers/" + name(foreign) + "/json");
            ((ObjectNode) container).remove("ExecIDs");
            state.put(foreign, container.toString());
        }
        state.put("network", get("/networks/" + name("$FOREIGNNETWORK")).toString());
        state.put("volume", get("/volumes/" + name("$FOREIGNVOLUME")).toString());
        state.put("their volume", get("/volumes/" + name("$OTHERVOLUME")).toString());
        String mine = "%7B%22label%22%3A%5B%22" + Labels.SESSION + "%3D" + session.id() + "%22%5D%7D";
        state.put("containers", ids(get("/containers/json?all=1&filters=" + mine), "Id", "State"));
        state.put("networks", ids(get("/networks?filters=" + mine), "Id", "Name"));
        state.put("volumes", ids(get("/volumes?filters=" + mine).path("Volumes"), "Name", "Driver"));
        return state;
    }

    /** The engine's own answer. */
    JsonNode get(String target) throws IOException {
        Outcome answer = engine.request("GET", version + target, Map.of(), "");
        assertThat(answer.status()).as(target + ": " + answer.text()).contains(200);
        return JSON.readTree(dechunked(answer));
    }

    private String made(String target, String body) throws IOException {
        return post(target, body).path("Id").asText();
    }

    private JsonNode post(String target, String body) throws IOException {
        Outcome answer = engine.request("POST", version + target, AS_JSON, body);
        assertThat(answer.status()).as(answer.text()).get().isIn(200, 201, 204);
        return JSON.readTree(dechunked(answer));
    }

    private String theirTag() throws IOException {
        for (JsonNode image : get("/images/json")) {
            for (JsonNode tag : image.path("RepoTags")) {
                if (tag.asText().contains(other.id().value())) {
                    return tag.asText();
                }
            }
        }
        throw new AssertionError("the other session's tag is not on the engine");
    }

    private static String replaced(String text, Map<String, String> names) {
        String replaced = text;
        // $PLAINID before $PLAIN.
        for (String name : names.keySet().stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList()) {
            replaced = replaced.replace(name, names.get(name));
        }
        return replaced.replace("$NOW", String.valueOf(System.currentTimeMillis() / 1000));
    }

    private static String encoded(String target) {
        if (!target.contains("filters={")) {
            return target;
        }
        int mark = target.indexOf('?');
        try {
            return new URI(null, null, target.substring(0, mark), target.substring(mark + 1), null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(target, e);
        }
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
}
