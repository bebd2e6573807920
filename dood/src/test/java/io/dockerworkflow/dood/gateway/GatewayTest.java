package io.dockerworkflow.dood.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewaySettings;
import io.dockerworkflow.dood.testsupport.GatewayClient;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.ServedSession;
import io.dockerworkflow.dood.testsupport.Trees;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes through a whole gateway, from the client's socket to the engine's. */
@Timeout(20)
class GatewayTest {
    private static final String DB = ServedSession.id("db");

    @TempDir
    private Path directory;

    private ServedSession session;
    private ScriptedEngine engine;

    @BeforeEach
    void start() throws IOException {
        session = ServedSession.in(directory);
        engine = session.engine();
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
    }

    private static JsonNode json(String text) {
        return ApiJson.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void containersWhenListedAreTheSessionsByTheirNames() throws IOException {
        engine.on("GET", "/v1.41/containers/json")
                .json(
                        200,
                        "[{'Id':'" + DB
                                + "','Names':['/dw-0a0b0c0d-db','/dw-0a0b0c0d-web/sql'],'Image':'busybox','Labels':"
                                + "{'io.dockerworkflow.session':'0a0b0c0d','a':'1'},'HostConfig':{'NetworkMode':'dw-0a0b0c0d-app'}},"
                                + "{'Id':'1','Names':['/dw-11112222-db'],'Labels':{'io.dockerworkflow.session':'11112222'}},"
                                + "{'Id':'2','Names':['/stranger'],'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}}]");
        try (GatewayClient client = session.client()) {
            String filters = PercentEncoding.encodeQuery(
                    "{\"name\":[\"^/?db$\"],\"label\":{\"a\":true},\"network\":[\"app\",\"bridge\"],\"volume\":[\"data\",\"/srv\"]}");
            GatewayClient.Answer answer = client.get("/v1.41/containers/json?all=1&filters=" + filters);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json())
                    .isEqualTo("[{'Id':'" + DB + "','Names':['/db','/web/sql'],'Image':'busybox','Labels':{'a':'1'},"
                            + "'HostConfig':{'NetworkMode':'app'}}]");
        }
        Query asked = engine.asked().get(1).query();
        assertThat(asked.get("all")).isEqualTo("1");
        assertThat(json(asked.get("filters")))
                .isEqualTo(Trees.tree("{'label':{'a':true,'io.dockerworkflow.session=0a0b0c0d':true},"
                        + "'network':{'dw-0a0b0c0d-app':true,'bridge':true},"
                        + "'volume':{'dw-0a0b0c0d-data':true,'/srv':true}}"));
        assertThat(session.gateway().describe())
                .startsWith("containers: 1, and 0 gone\n  db = dw-0a0b0c0d-db, id " + DB);
    }

    @Test
    void errorWhenTheEngineNamesTheContainerHasTheClientsName() throws IOException {
        String missing = "{'message':'No such container: dw-0a0b0c0d-gone'}";
        engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-gone/json").json(404, missing);
        engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-gone/json?size=1").json(404, missing);
        try (GatewayClient client = session.client()) {
            GatewayClient.Answer answer = client.get("/v1.41/containers/gone/json?size=1");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json()).isEqualTo("{'message':'No such container: gone'}");
        }
    }

    @Test
    void filtersWhenTheyAreMalformedDoNotReachTheEngine() throws IOException {
        try (GatewayClient client = session.client()) {
            GatewayClient.Answer answer = client.get("/v1.41/containers/json?filters=%7B");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json()).isEqualTo("{'message':'invalid filter'}");
        }
    }

    @Test
    void containerWhenItIsMadeIsNamedLabelledAndAnnounced() throws IOException {
        var events = engine.on("GET", "/v1.41/events").hangs();
        var create = engine.on("POST", "/v1.41/containers/create").json(201, "{'Id':'" + DB + "','Warnings':[]}");
        engine.on("GET", "/v1.41/containers/" + DB + "/json")
                .json(200, "{'Id':'" + DB + "','Mounts':[{'Type':'volume','Name':'anonymous1'},{'Type':'bind'}]}");
        try (GatewayClient client = session.client()) {
            GatewayClient.Answer answer = client.ask(
                            "POST", "/v1.41/containers/create?name=db", "{'Image':'busybox','Labels':{'a':'1'}}")
                    .answer();
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.json()).isEqualTo("{'Id':'" + DB + "','Warnings':[]}");
        }
        ScriptedEngine.Asked asked = ScriptedEngine.await(create.done());
        assertThat(asked.query().get("name")).isEqualTo("dw-0a0b0c0d-db");
        JsonNode body = json(asked.body());
        assertThat(Trees.text(body.path("Labels")))
                .isEqualTo("{'a':'1','io.dockerworkflow.session':'0a0b0c0d','io.dockerworkflow.mode':'dood',"
                        + "'io.dockerworkflow.owner':'own','io.dockerworkflow.name':'db'}");
        assertThat(body.path("Image").asText()).isEqualTo("busybox");
        assertThat(session.children().told())
                .containsExactly(
                        "begin container dw-0a0b0c0d-db",
                        "born container dw-0a0b0c0d-db",
                        "track volume anonymous1",
                        "end container dw-0a0b0c0d-db");
        ScriptedEngine.await(events.begun());
    }

    @Test
    void containerWhenTheEngineTakesNoneEndsItsAnnouncement() throws IOException {
        var events = engine.on("GET", "/v1.41/events").hangs();
        engine.on("POST", "/v1.41/containers/create")
                .json(409, "{'message':'Conflict. The container name /dw-0a0b0c0d-db is already in use'}");
        try (GatewayClient client = session.client()) {
            GatewayClient.Answer answer = client.ask("POST", "/v1.41/containers/create?name=db", "{'Image':'busybox'}")
                    .answer();
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.json()).isEqualTo("{'message':'Conflict. The container name /db is already in use'}");
        }
        assertThat(session.children().told())
                .containsExactly("begin container dw-0a0b0c0d-db", "end container dw-0a0b0c0d-db");
        ScriptedEngine.await(events.begun());
    }

    @Test
    void requestWhenTheEngineIsGoneFailsAndTheNextOneIsTried() throws IOException {
        engine.stopListening();
        try (GatewayClient client = session.client()) {
            for (String target : new String[] {"/v1.41/_ping", "/v1.41/containers/json", "/v1.41/containers/db/json"}) {
                GatewayClient.Answer answer = client.get(target);
                assertThat(answer.status()).as(target).isEqualTo(502);
                assertThat(answer.json()).startsWith("{'message':'the session's gateway cannot reach the engine: ");
            }
        }
    }

    @Test
    void versionWhenTheEngineIsNewerIsTheNewestThatBothKnow() throws IOException {
        engine.on("GET", "/v1.41/version")
                .json(
                        200,
                        "{'Version':'29','ApiVersion':'1.99','MinAPIVersion':'1.00','Components':[{'Name':'Engine',"
                                + "'Details':{'ApiVersion':'1.99','MinAPIVersion':'1.0'}},{'Name':'containerd','Details':{}}]}");
        try (GatewayClient client = session.client()) {
            assertThat(client.get("/version").json())
                    .isEqualTo(
                            "{'Version':'29','ApiVersion':'1.41','MinAPIVersion':'1.12','Components':[{'Name':'Engine',"
                                    + "'Details':{'ApiVersion':'1.41','MinAPIVersion':'1.12'}},{'Name':'containerd','Details':{}}]}");
        }
    }

    @Test
    void socketIsOpenToAllAndGoneAfterTheEnd() throws IOException {
        Path socket = session.gateway().endpoint().path();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw-rw-");
        assertThat(session.gateway())
                .hasToString("gateway at " + socket + " with 0 containers, 0 networks, 0 volumes,"
                        + " 0 execs, 0 with aliases, 0 births");
        var hung = engine.on("GET", "/v1.41/_ping").hangs();
        try (GatewayClient idle = session.client();
                GatewayClient busy = session.client()) {
            busy.ask("GET", "/v1.41/_ping");
            ScriptedEngine.await(hung.begun());
            session.gateway().close();
            assertThat(idle.isEnded()).isTrue();
            assertThat(busy.isEnded()).isTrue();
        }
        ScriptedEngine.await(hung.done());
        assertThat(socket).doesNotExist();
        session.gateway().close();
    }

    @Test
    void gatewayWhenItsDirectoryIsMissingDoesNotStart() {
        engine.on("GET", "/version").json(200, ServedSession.VERSION);
        try (EngineConnection connection = EngineConnection.open(engine.endpoint())) {
            GatewaySettings settings = ServedSession.settings(
                    connection, session.children(), directory.resolve("none/docker.sock"), new LinkedBlockingQueue<>());
            assertThatThrownBy(() -> Gateway.start(settings)).isInstanceOf(WorkflowException.class);
        }
    }
}
