package io.dockerworkflow.dood.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Endpoint;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine that let everything pass would prove nothing. */
@Timeout(20)
class ScriptedEngineTest {
    @TempDir
    private Path directory;

    private ScriptedEngine engine;

    @BeforeEach
    void start() throws IOException {
        engine = ScriptedEngine.in(directory);
    }

    private Wire connect() throws IOException {
        return new Wire(
                SocketChannel.open(UnixDomainSocketAddress.of(((Endpoint.UnixSocket) engine.endpoint()).path())));
    }

    @Test
    void requestWhenTheScriptHasItIsAnsweredAndKept() throws IOException {
        engine.on("POST", "/a").json(201, "{'Id':'1'}");
        engine.on("GET", "/b?x=1").chunked("one", "two");
        try (Wire wire = connect()) {
            wire.send("POST /a?y=2 HTTP/1.1\r\nX-Any: z\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            Wire.Head head = wire.head().orElseThrow();
            assertThat(head.line()).isEqualTo("HTTP/1.1 201 Status");
            assertThat(wire.body(head)).asString(StandardCharsets.UTF_8).isEqualTo("{\"Id\":\"1\"}");
            wire.send("GET /b?x=1 HTTP/1.1\r\n\r\n");
            assertThat(wire.body(wire.head().orElseThrow()))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("onetwo");
        }
        assertThat(engine.asked()).hasSize(2);
        ScriptedEngine.Asked first = engine.asked().get(0);
        assertThat(first.line()).isEqualTo("POST /a");
        assertThat(first.query().get("y")).isEqualTo("2");
        assertThat(first.header("x-any")).isEqualTo("z");
        assertThat(first.body()).isEqualTo("abc");
        engine.close();
    }

    @Test
    void requestWhenTheScriptHasItNotFailsTheTest() throws IOException {
        try (Wire wire = connect()) {
            wire.send("GET /b HTTP/1.1\r\n\r\n");
            assertThat(wire.rest()).startsWith("HTTP/1.1 500 ");
        }
        assertThatThrownBy(engine::close).isInstanceOf(AssertionError.class).hasMessageContaining("was asked: GET /b");
    }

    @Test
    void scriptWhenSomethingWasNotAskedFailsTheTest() {
        engine.on("GET", "/a");
        assertThatThrownBy(engine::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was not asked: GET /a");
    }

    @Test
    void bodyWhenItIsAnotherFailsTheTest() throws IOException {
        var expected = engine.on("POST", "/a").withBody("abc"::equals);
        try (Wire wire = connect()) {
            wire.send("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabd");
            ScriptedEngine.await(expected.done());
        }
        assertThatThrownBy(engine::close).hasMessageContaining("POST /a had the body abd");
    }

    @Test
    void requestWhenItIsNeverAnsweredIsDoneAtTheEnd() throws IOException {
        var expected = engine.on("GET", "/a").hangs();
        try (Wire wire = connect()) {
            wire.send("GET /a HTTP/1.1\r\n\r\n");
            ScriptedEngine.await(expected.begun());
            assertThat(expected.done()).isNotDone();
        }
        ScriptedEngine.await(expected.done());
        engine.close();
    }

    @Test
    void connectionWhenItIsTakenOverIsHalfClosedEachWay() throws IOException {
        engine.on("POST", "/a").plays(with -> {
            with.send("HTTP/1.1 101 UPGRADED\r\n\r\n");
            String said = with.wire().rest();
            with.send("heard " + said);
            with.wire().close();
        });
        try (Wire wire = connect()) {
            wire.send("POST /a HTTP/1.1\r\n\r\n");
            assertThat(wire.head().orElseThrow().line()).isEqualTo("HTTP/1.1 101 UPGRADED");
            wire.send("words");
            wire.endOutput();
            assertThat(wire.rest()).isEqualTo("heard words");
        }
        engine.close();
    }
}
