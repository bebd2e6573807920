package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.GatewayClient;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConnectionTest extends WithServedSession {
    private static final String PING = "GET /v1.41/_ping HTTP/1.1\r\nHost: docker\r\n\r\n";

    private void assertStillServes() throws IOException {
        engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        assertThat(client.get("/v1.41/_ping").body()).isEqualTo("OK");
    }

    private void assertRefusedAsMalformed() throws IOException {
        GatewayClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json()).isEqualTo("{'message':'malformed request'}");
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(client.isEnded()).isTrue();
    }

    @Nested
    class Pipeline {
        @Test
        void requestsWhenTheyComeAtOnceAreServedOneByOne() throws IOException {
            for (int i = 1; i <= 3; i++) {
                int number = i;
                engine.on("GET", "/v1.41/_ping").plays(with -> {
                    // The handshake's question is the first.
                    assertThat(engine.asked()).hasSize(1 + number);
                    with.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number);
                });
            }
            client.wire().send(PING.repeat(3));
            assertThat(client.answer().body()).isEqualTo("1");
            assertThat(client.answer().body()).isEqualTo("2");
            assertThat(client.answer().body()).isEqualTo("3");
        }

        @Test
        void requestWhenItComesBehindABodyIsServedAfterIt() throws IOException {
            var archive = engine.on("PUT", "/v1.41/containers/dw-0a0b0c0d-db/archive");
            session.hasContainer("db");
            client.wire()
                    .send("PUT /v1.41/containers/db/archive?path=/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3\r\nabc\r\n0\r\n\r\n" + "DELETE /nothing HTTP/1.1\r\n\r\n" + PING);
            engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.answer().status()).isEqualTo(404);
            assertThat(client.answer().body()).isEqualTo("OK");
            assertThat(ScriptedEngine.await(archive.done()).body()).isEqualTo("abc");
        }

        @Test
        void requestsWhenTheyComeByteByByteAreServed() throws IOException {
            for (int i = 0; i < 2; i++) {
                engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
            }
            for (char next : PING.repeat(2).toCharArray()) {
                client.wire().send(String.valueOf(next));
            }
            assertThat(client.answer().body()).isEqualTo("OK");
            assertThat(client.answer().body()).isEqualTo("OK");
        }
    }

    @Nested
    class Malformed {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "NONSENSE\r\n\r\n",
                    "GET /_ping HTTP/2.0\r\n\r\n",
                    "GET /_ping HTTP/1.2\r\n\r\n",
                    "GET /_ping FTP/1.1\r\n\r\n",
                    "GET /_ping HTTP/1.1\r\nno colon\r\n\r\n",
                    "GET /_ping HTTP/1.1\r\nA B: c\r\n\r\n",
                    "POST /_ping HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "POST /_ping HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
                    "POST /_ping HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                })
        void requestWhenItCannotBeReadEndsTheConnection(String request) throws IOException {
            client.wire().send(request + PING);
            assertRefusedAsMalformed();
        }

        @Test
        void requestWhenItsLineIsTooLongEndsTheConnection() throws IOException {
            client.wire().send("GET /" + "a".repeat(65 * 1024) + " HTTP/1.1\r\n\r\n");
            assertRefusedAsMalformed();
        }

        @Test
        void targetWhenItIsMalformedLeavesTheConnectionOpen() throws IOException {
            assertThat(client.get("*").json()).isEqualTo("{'message':'malformed request target'}");
            assertThat(client.get("/_ping%zz").json()).isEqualTo("{'message':'invalid URL escape'}");
            assertThat(client.get("/_ping?a;b").status()).isEqualTo(400);
            assertStillServes();
        }
    }

    @Nested
    class Open {
        @Test
        void connectionWhenARouteIsUnknownStaysOpen() throws IOException {
            GatewayClient.Answer answer = client.get("/v1.41/nothing");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json()).isEqualTo("{'message':'page not found'}");
            assertThat(client.ask("PATCH", "/v1.41/info").answer().status()).isEqualTo(404);
            assertStillServes();
        }

        @Test
        void connectionWhenThePolicyRefusesStaysOpen() throws Exception {
            var events = engine.on("GET", "/v1.41/events").hangs();
            GatewayClient.Answer answer = client.ask(
                            "POST", "/v1.41/containers/create", "{'Image':'a','HostConfig':{'Privileged':true}}")
                    .answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.json()).contains("HostConfig.Privileged");
            assertStillServes();
            ServedRequest refused = session.served().poll(10, TimeUnit.SECONDS);
            assertThat(refused).isNotNull();
            assertThat(refused.refused()).isTrue();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.route()).isEqualTo("/containers/create");
            assertThat(session.children().told()).isEmpty();
            ScriptedEngine.await(events.begun());
        }

        @Test
        void connectionWhenTheAnswerComesBeforeTheBodyEndsAfterIt() throws IOException {
            client.wire().send("POST /v1.41/swarm/init HTTP/1.1\r\nContent-Length: 5\r\n\r\n");
            GatewayClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Connection")).isEqualTo("close");
            client.wire().send("12345");
            assertThat(client.isEnded()).isTrue();
        }

        /** What follows such a body cannot be told apart from the next request. */
        @ParameterizedTest
        @ValueSource(strings = {"x\r\n{}\r\n", "2\r\n{}\r\nx\r\n", "2\r\n{}\r\n-1\r\n"})
        void connectionWhenAChunkIsMalformedIsClosed(String chunks) throws IOException {
            client.wire()
                    .send("POST /v1.41/networks/create HTTP/1.1\r\nContent-Type: application/json\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
            GatewayClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }

        @Test
        void connectionWhenTheClientWantsItsEndIsClosed() throws IOException {
            engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
            client.wire().send("GET /v1.41/_ping HTTP/1.1\r\nConnection: close\r\n\r\n");
            GatewayClient.Answer answer = client.answer();
            assertThat(answer.body()).isEqualTo("OK");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }

        @Test
        void connectionWhenTheClientIsOfOldIsClosed() throws IOException {
            engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
            client.wire().send("GET /v1.41/_ping HTTP/1.0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("OK");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Nested
    class HalfClosed {
        @Test
        void requestWhenTheClientSendsNoMoreIsAnswered() throws IOException {
            var asked = engine.on("GET", "/v1.41/_ping").plays(with -> {
                assertThat(with.wire().rest()).isEmpty();
                with.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
            });
            client.wire().send(PING);
            ScriptedEngine.await(asked.begun());
            client.wire().endOutput();
            assertThat(client.answer().body()).isEqualTo("OK");
            assertThat(client.isEnded()).isTrue();
        }

        @Test
        void connectionWhenNothingWasAskedIsClosed() throws IOException {
            client.wire().endOutput();
            assertThat(client.isEnded()).isTrue();
        }

        @Test
        void requestWhenItIsBrokenOffIsNotServed() throws IOException {
            client.wire().send("GET /v1.41/_ping HTTP/1.1\r\nHost:");
            client.wire().endOutput();
            assertRefusedAsMalformed();
        }
    }
}
