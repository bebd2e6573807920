package io.dockerworkflow.dood.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class EngineClientTest {
    @TempDir
    private Path directory;

    private ScriptedEngine engine;
    private SessionContext session;

    private void start(boolean tcp) throws IOException {
        engine = tcp ? ScriptedEngine.onLoopback() : ScriptedEngine.in(directory);
        session = new SessionContext(engine.endpoint(), Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
        engine.close();
    }

    private CompletableFuture<EngineResponse> send(EngineRequest request) {
        return session.context().engine().send(session.loop(), request).toCompletableFuture();
    }

    private EngineResponse call(EngineRequest request) {
        return ScriptedEngine.await(send(request));
    }

    private List<Integer> connections() {
        return engine.asked().stream().map(ScriptedEngine.Asked::connection).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestsAreAskedOverOneConnection(boolean tcp) throws IOException {
        start(tcp);
        engine.on("GET", "/a?b=c").json(200, "{'d':1}");
        engine.on("GET", "/e").chunked("{\"f\"", ":2}");
        engine.on("GET", "/g").json(404, "{'message':'none'}");
        EngineResponse first = call(EngineRequest.get("/a?b=c"));
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.ok()).isTrue();
        assertThat(Trees.text(first.json())).isEqualTo("{'d':1}");
        assertThat(first.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(Trees.text(call(EngineRequest.get("/e")).object())).isEqualTo("{'f':2}");
        EngineResponse error = call(EngineRequest.get("/g"));
        assertThat(error.ok()).isFalse();
        assertThat(error.message()).isEqualTo("none");
        assertThat(connections()).containsExactly(1, 1, 1);
    }

    @Test
    void requestWithABodyHasItsLength() throws IOException {
        start(false);
        engine.on("POST", "/a").json(201, "{}");
        engine.on("POST", "/b");
        engine.on("DELETE", "/c");
        ObjectNode body = Trees.object("{'ä':1}");
        call(EngineRequest.of(HttpMethod.POST, "/a").json(body));
        call(EngineRequest.of(HttpMethod.POST, "/b"));
        call(EngineRequest.of(HttpMethod.DELETE, "/c"));
        ScriptedEngine.Asked first = engine.asked().get(0);
        assertThat(first.header("Content-Length")).isEqualTo("8");
        assertThat(first.header("Content-Type")).isEqualTo("application/json");
        assertThat(first.header("Host")).isEqualTo("docker");
        assertThat(engine.asked().get(1).header("Content-Length")).isEqualTo("0");
        assertThat(engine.asked().get(2).headers()).doesNotContainKeys("Content-Length", "Transfer-Encoding");
    }

    @Test
    void lookupWhenTheIdleConnectionHasEndedIsRepeatedOnce() throws IOException {
        start(false);
        engine.on("GET", "/a").json(200, "{}");
        engine.on("GET", "/b").rawThenClose("");
        engine.on("GET", "/b").json(200, "{}");
        call(EngineRequest.get("/a"));
        assertThat(call(EngineRequest.get("/b")).status()).isEqualTo(200);
        assertThat(connections()).containsExactly(1, 1, 2);
        // Now the idle connection and the new one end.
        engine.on("GET", "/c").rawThenClose("");
        engine.on("GET", "/c").rawThenClose("");
        assertThatThrownBy(() -> send(EngineRequest.get("/c")).join())
                .hasRootCauseMessage("the engine closed the connection");
    }

    @Test
    void changeIsAskedOverANewConnectionAndNeverRepeated() throws IOException {
        start(false);
        engine.on("GET", "/a").json(200, "{}");
        engine.on("POST", "/b").rawThenClose("");
        call(EngineRequest.get("/a"));
        assertThatThrownBy(() -> send(EngineRequest.of(HttpMethod.POST, "/b")).join())
                .hasRootCauseMessage("the engine closed the connection");
        assertThat(connections()).containsExactly(1, 2);
    }

    @Test
    void answerWhenItIsBrokenOffFails() throws IOException {
        start(false);
        engine.on("GET", "/a").rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");
        assertThatThrownBy(() -> send(EngineRequest.get("/a")).join()).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void answerWhenItIsToHeadHasNoBody() throws IOException {
        start(false);
        engine.on("HEAD", "/a").raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        engine.on("GET", "/b").json(200, "{'a':1}");
        EngineResponse head = call(EngineRequest.of(HttpMethod.HEAD, "/a"));
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().get("Content-Length")).isEqualTo("5");
        assertThat(call(EngineRequest.get("/b")).json().path("a").asInt()).isEqualTo(1);
    }

    @Test
    void connectionsWhenManyAreIdleAreKeptUpToEight() throws Exception {
        start(false);
        CompletableFuture<Void> all = new CompletableFuture<>();
        List<CompletableFuture<EngineResponse>> answers = new ArrayList<>();
        List<CompletableFuture<ScriptedEngine.Asked>> begun = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            begun.add(engine.on("GET", "/a")
                    .plays(with -> {
                        ScriptedEngine.await(all);
                        with.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    })
                    .begun());
            answers.add(send(EngineRequest.get("/a")));
        }
        begun.forEach(ScriptedEngine::await);
        all.complete(null);
        answers.forEach(ScriptedEngine::await);
        assertThat(connections()).doesNotHaveDuplicates().hasSize(10);
        session.loop()
                .submit(() -> {
                    List<PooledConnection> links = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        CompletableFuture<PooledConnection> link = session.context()
                                .engine()
                                .acquire(session.loop(), true)
                                .toCompletableFuture();
                        assertThat(link).as("an idle one").isDone();
                        links.add(link.join());
                        assertThat(link.join().isUsed()).isTrue();
                    }
                    assertThat(links).doesNotHaveDuplicates();
                    assertThat(session.context()
                                    .engine()
                                    .acquire(session.loop(), true)
                                    .toCompletableFuture())
                            .as("a ninth")
                            .isNotDone();
                    links.forEach(PooledConnection::close);
                })
                .get();
    }

    @Test
    void connectionWhenNobodyListensFails() throws IOException {
        start(false);
        engine.stopListening();
        assertThatThrownBy(() -> send(EngineRequest.get("/a")).join()).hasRootCauseInstanceOf(IOException.class);
    }
}
