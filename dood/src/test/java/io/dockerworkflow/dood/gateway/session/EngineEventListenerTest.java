package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.SessionContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class EngineEventListenerTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path directory;

    private ScriptedEngine engine;
    private SessionContext session;

    @BeforeEach
    void start() throws IOException {
        engine = ScriptedEngine.in(directory);
        session = new SessionContext(engine.endpoint(), Map.of());
        SessionIndex index = session.context().index();
        index.containers().put(new Entry("c1", "db", "dw-0a0b0c0d-db"));
        index.containers().put(new Entry("c2", "web", "dw-0a0b0c0d-web"));
        index.networks().put(new Entry("n1", "app", "dw-0a0b0c0d-app"));
        index.volumes().put(new Entry("dw-0a0b0c0d-data", "data", "dw-0a0b0c0d-data"));
        index.volumes().put(new Entry("dw-0a0b0c0d-kept", "kept", "dw-0a0b0c0d-kept"));
    }

    @AfterEach
    void stop() throws IOException {
        session.context().engineEvents().end();
        session.close();
        engine.close();
    }

    private static String event(String type, String id, String attributes) {
        String event = ("{'Type':'" + type + "','Action':'destroy','Actor':{'ID':'" + id + "','Attributes':{"
                        + attributes + "}}}\n")
                .replace('\'', '"');
        return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    }

    private void assertForgotten(String... told) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(session.children().told()).containsExactlyInAnyOrder(told));
    }

    @Test
    void childWhenTheEngineSaysThatItIsGoneIsForgotten() {
        engine.on("GET", "/v1.41/events").plays(with -> {
            with.send(CHUNKED
                    + event("container", "c1", "'io.dockerworkflow.session':'0a0b0c0d'")
                    + event("container", "c2", "'io.dockerworkflow.session':'11112222'")
                    + event("network", "n1", "'name':'dw-0a0b0c0d-app'")
                    + event("network", "n2", "'name':'other'")
                    + event("volume", "dw-0a0b0c0d-data", "'driver':'local'")
                    + event("volume", "dw-0a0b0c0d-kept", "'driver':'local'")
                    + event("volume", "other", "'driver':'local'"));
            with.awaitEnd();
        });
        // A volume's name may be in use anew.
        engine.on("GET", "/v1.41/volumes/dw-0a0b0c0d-data").json(404, "{}");
        var kept = engine.on("GET", "/v1.41/volumes/dw-0a0b0c0d-kept").json(200, "{}");
        session.context().engineEvents().begin();
        session.context().engineEvents().begin();
        assertForgotten(
                "forget container dw-0a0b0c0d-db", "forget network dw-0a0b0c0d-app", "forget volume dw-0a0b0c0d-data");
        ScriptedEngine.await(kept.done());
        Query query = engine.asked().get(0).query();
        assertThat(query.get("since")).isEqualTo("1");
        assertThat(query.get("filters").replace('"', '\''))
                .isEqualTo("{'type':{'container':true,'network':true,'volume':true},'event':{'destroy':true}}");
    }

    @Test
    void childWhenItWentWhileNobodyListenedIsForgotten() {
        engine.on("GET", "/v1.41/events").rawThenClose(CHUNKED + "1\r\n\n\r\n");
        engine.on("GET", "/v1.41/events").plays(with -> {
            with.send(CHUNKED + "1\r\n\n\r\n");
            with.awaitEnd();
        });
        engine.on("GET", "/v1.41/containers/json").json(200, "[{'Id':'c2'}]");
        session.context().engineEvents().begin();
        assertForgotten("forget container dw-0a0b0c0d-db");
        Query query = engine.asked().get(2).query();
        assertThat(query.get("all")).isEqualTo("1");
        assertThat(query.get("filters")).isEqualTo("{\"label\":{\"io.dockerworkflow.session=0a0b0c0d\":true}}");
    }

    @Test
    void streamWhenAnEventCannotBeReadGoesOn() {
        engine.on("GET", "/v1.41/events").plays(with -> {
            with.send(CHUNKED + "4\r\n{x}\n\r\n" + event("network", "n1", "'name':'x'"));
            with.awaitEnd();
        });
        session.context().engineEvents().begin();
        assertForgotten("forget network dw-0a0b0c0d-app");
    }

    @Test
    void watchWhenItHasEndedDoesNotBegin() {
        session.context().engineEvents().end();
        session.context().engineEvents().begin();
        session.context().engineEvents().end();
        assertThat(engine.asked()).isEmpty();
    }
}
