package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.GatewayClient;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.Wire;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TunnelTest extends WithServedSession {
    private static final String ATTACH = "/v1.41/containers/dw-0a0b0c0d-db/attach";
    private static final String UPGRADE =
            "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    private static final String ASK =
            "POST /v1.41/containers/db/attach?stream=1 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    @Nested
    class TakenOver {
        @BeforeEach
        void container() {
            session.hasContainer("db");
        }

        @Test
        void connectionWhenTheClientEndsItsInputStillBringsOutput() throws IOException {
            var attach = engine.on("POST", ATTACH).plays(with -> {
                with.send(UPGRADE + "early");
                String input = with.wire().rest();
                with.send(" heard " + input);
                with.wire().close();
            });
            // What comes right behind the request is input, too.
            client.wire().send(ASK + "one ");
            Wire.Head head = client.head();
            assertThat(head.line()).isEqualTo("HTTP/1.1 101 UPGRADED");
            assertThat(head.header("Connection")).isEqualTo("Upgrade");
            assertThat(head.header("Upgrade")).isEqualTo("tcp");
            assertThat(client.wire().exactly(5)).asString().isEqualTo("early");
            client.wire().send("two");
            client.wire().endOutput();
            assertThat(client.wire().rest()).isEqualTo(" heard one two");
            ScriptedEngine.Asked asked = ScriptedEngine.await(attach.done());
            assertThat(asked.header("Upgrade")).isEqualTo("tcp");
            assertThat(asked.header("Connection")).isEqualToIgnoringCase("upgrade");
        }

        @Test
        void connectionWhenTheEngineEndsItsOutputStillTakesInput() throws IOException {
            CompletableFuture<String> input = new CompletableFuture<>();
            engine.on("POST", ATTACH).plays(with -> {
                with.send(UPGRADE + "all");
                with.wire().endOutput();
                input.complete(with.wire().rest());
                with.wire().close();
            });
            client.wire().send(ASK);
            client.head();
            assertThat(client.wire().rest()).isEqualTo("all");
            client.wire().send("late words");
            client.wire().endOutput();
            assertThat(ScriptedEngine.await(input)).isEqualTo("late words");
        }

        @Test
        void requestWhenItEndsTheInputAtOnceStillBringsOutput() throws IOException {
            engine.on("POST", ATTACH).plays(with -> {
                with.send(UPGRADE);
                with.send("heard " + with.wire().rest());
                with.wire().close();
            });
            client.wire().send(ASK + "in");
            client.wire().endOutput();
            assertThat(client.head().line()).isEqualTo("HTTP/1.1 101 UPGRADED");
            assertThat(client.wire().rest()).isEqualTo("heard in");
        }

        @Test
        void connectionWhenNoUpgradeIsAskedForIsTakenOverByTheAnswer() throws IOException {
            // As docker's own clients before 1.20: 200, without a length.
            engine.on("POST", ATTACH).plays(with -> {
                with.send("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n");
                with.send("heard " + with.wire().rest());
                with.wire().close();
            });
            client.wire().send("POST /v1.41/containers/db/attach HTTP/1.1\r\n\r\nHTTP is no more");
            client.wire().endOutput();
            Wire.Head head = client.head();
            assertThat(head.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(head.headers()).doesNotContainKeys("Upgrade", "Transfer-Encoding");
            assertThat(client.wire().rest()).isEqualTo("heard HTTP is no more");
        }

        @Test
        void connectionWhenTheClientGoesEndsForTheEngine() throws IOException {
            var attach = engine.on("POST", ATTACH).plays(with -> {
                with.send(UPGRADE);
                with.awaitEnd();
            });
            client.wire().send(ASK);
            client.head();
            client.close();
            ScriptedEngine.await(attach.done());
        }

        /** A closed channel drops what waits in it to be written. */
        @Test
        void inputWhenTheEngineHasEndedFirstArrivesWhole() throws IOException {
            String much = "0123456789abcdef".repeat(40 * 1024);
            CompletableFuture<Void> sent = new CompletableFuture<>();
            CompletableFuture<Integer> received = new CompletableFuture<>();
            engine.on("POST", ATTACH).plays(with -> {
                with.send(UPGRADE);
                with.wire().endOutput();
                ScriptedEngine.await(sent);
                received.complete(with.wire().rest().length());
                with.wire().close();
            });
            client.wire().send(ASK);
            client.head();
            client.wire().send(much);
            client.wire().endOutput();
            sent.complete(null);
            assertThat(ScriptedEngine.await(received)).isEqualTo(much.length());
        }

        @Test
        void connectionWhenMuchGoesBothWaysBringsAllOfIt() throws IOException {
            String much = "0123456789abcdef".repeat(128 * 1024);
            var attach = engine.on("POST", ATTACH).plays(with -> {
                with.send(UPGRADE);
                CompletableFuture<String> input = Background.supply(() -> {
                    try {
                        return with.wire().rest();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                with.send(much);
                with.wire().endOutput();
                assertThat(ScriptedEngine.await(input).equals(much)).isTrue();
                with.wire().close();
            });
            client.wire().send(ASK);
            client.head();
            CompletableFuture<Void> sent = Background.run(() -> {
                try {
                    client.wire().send(much);
                    client.wire().endOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(client.wire().rest().equals(much)).isTrue();
            ScriptedEngine.await(sent);
            // What was sent is under way; the gateway that brings it must not be closed before.
            ScriptedEngine.await(attach.done());
        }
    }

    @Nested
    class NotTakenOver {
        private GatewayClient.Answer attach() throws IOException {
            client.wire().send(ASK);
            return client.answer();
        }

        @Test
        void errorHasTheClientsNamesAndLeavesTheConnectionOpen() throws IOException {
            session.hasContainer("db");
            engine.on("POST", ATTACH).json(409, "{'message':'container dw-0a0b0c0d-db is paused'}");
            GatewayClient.Answer answer = attach();
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.json()).isEqualTo("{'message':'container db is paused'}");
            engine.on("GET", "/v1.41/_ping");
            assertThat(client.get("/v1.41/_ping").status()).isEqualTo(200);
        }

        @Test
        void errorWhenTheEngineHadTakenOverStaysPlain() throws IOException {
            session.hasContainer("db");
            engine.on("POST", ATTACH)
                    .rawThenClose("HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\n"
                            + "Content-Length: 20\r\n\r\nno dw-0a0b0c0d-db..\n");
            GatewayClient.Answer answer = attach();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
            assertThat(answer.body()).isEqualTo("no db..\n");
        }

        @Test
        void containerWhenItIsUnknownIsTheEnginesError() throws IOException {
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/json").json(404, "{'message':'x'}");
            engine.on("POST", ATTACH).json(404, "{'message':'No such container: dw-0a0b0c0d-db'}");
            assertThat(attach().json()).isEqualTo("{'message':'No such container: db'}");
        }
    }
}
