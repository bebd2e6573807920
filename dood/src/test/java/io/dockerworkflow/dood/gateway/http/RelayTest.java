package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.testsupport.GatewayClient;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.Unchanged;
import io.dockerworkflow.dood.testsupport.Wire;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayTest extends WithServedSession {
    private static final String ENDED = "{'message':'the session's gateway cannot reach the engine: "
            + "java.io.IOException: the engine closed the connection'}";

    private void ping(String body) throws IOException {
        engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        assertThat(client.get("/v1.41/_ping").body()).isEqualTo(body);
    }

    @Nested
    class BrokenOff {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
                })
        void streamWhenTheEngineGoesIsBrokenOffForTheClient(String answer) throws IOException {
            session.hasContainer("db");
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/logs").rawThenClose(answer);
            client.ask("GET", "/v1.41/containers/db/logs?stdout=1");
            Wire.Head head = client.head();
            assertThat(head.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThatThrownBy(() -> client.wire().body(head)).isInstanceOf(EOFException.class);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[]",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n",
                    "HTTP/1.1 500 Broken\r\nContent-Length: 10\r\n\r\n{}",
                })
        void documentWhenTheEngineGoesIsAnError(String answer) throws IOException {
            engine.on("GET", "/v1.41/containers/json").rawThenClose(answer);
            GatewayClient.Answer failed = client.get("/v1.41/containers/json");
            assertThat(failed.status()).isEqualTo(502);
            assertThat(failed.json()).isEqualTo(ENDED);
            ping("OK");
        }

        @Test
        void documentWhenItIsNotJsonIsAnError() throws IOException {
            engine.on("GET", "/v1.41/containers/json").raw("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
            GatewayClient.Answer failed = client.get("/v1.41/containers/json");
            assertThat(failed.status()).isEqualTo(502);
            assertThat(failed.json()).startsWith("{'message':'the engine's answer is not JSON: ");
            ping("OK");
        }

        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 ok\r\n\r\n"})
        void answerWhenItsHeadCannotBeReadIsAnError(String answer) throws IOException {
            engine.on("GET", "/v1.41/_ping").rawThenClose(answer);
            GatewayClient.Answer failed = client.get("/v1.41/_ping");
            assertThat(failed.status()).isEqualTo(502);
            assertThat(failed.json()).startsWith("{'message':'the session's gateway cannot reach the engine: ");
        }

        @Test
        void requestWhenTheEngineSaysNothingFails() throws IOException {
            engine.on("GET", "/v1.41/_ping").rawThenClose("");
            assertThat(client.get("/v1.41/_ping").json()).isEqualTo(ENDED);
        }
    }

    @Nested
    class Pooled {
        @Test
        void connectionWhenItIsIdleServesTheNextLookup() throws IOException {
            ping("1");
            ping("2");
            assertThat(engine.asked())
                    .extracting(ScriptedEngine.Asked::connection)
                    .containsExactly(1, 2, 2);
        }

        @Test
        void lookupWhenTheIdleConnectionEndsIsAskedOverAnother() throws IOException {
            ping("1");
            engine.on("GET", "/v1.41/_ping").rawThenClose("");
            ping("2");
            assertThat(engine.asked())
                    .extracting(ScriptedEngine.Asked::connection)
                    .containsExactly(1, 2, 2, 3);
        }

        @Test
        void lookupWhenTheOtherConnectionEndsTooFails() throws IOException {
            ping("1");
            engine.on("GET", "/v1.41/_ping").rawThenClose("");
            engine.on("GET", "/v1.41/_ping").rawThenClose("");
            assertThat(client.get("/v1.41/_ping").json()).isEqualTo(ENDED);
        }

        @Test
        void lookupWhenTheAnswerHasBegunIsNotRepeated() throws IOException {
            ping("1");
            engine.on("GET", "/v1.41/containers/json").rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.get("/v1.41/containers/json").json()).isEqualTo(ENDED);
        }

        @Test
        void changeIsNeverAskedOverAnIdleConnection() throws IOException {
            ping("1");
            engine.on("POST", "/v1.41/auth").rawThenClose("");
            GatewayClient.Answer failed = client.ask("POST", "/v1.41/auth").answer();
            assertThat(failed.json()).isEqualTo(ENDED);
            assertThat(engine.asked())
                    .extracting(ScriptedEngine.Asked::connection)
                    .containsExactly(1, 2, 3);
        }

        @Test
        void connectionWhenTheEngineWantsItsEndIsNotUsedAgain() throws IOException {
            engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1");
            assertThat(client.get("/v1.41/_ping").body()).isEqualTo("1");
            ping("2");
            assertThat(engine.asked())
                    .extracting(ScriptedEngine.Asked::connection)
                    .containsExactly(1, 2, 3);
        }
    }

    @Nested
    class Framing {
        private static final String LOGS = "/v1.41/containers/dw-0a0b0c0d-db/logs";

        /** RFC 9112, 6.3: such a response ends with the connection, which is the engine's, not the client's. */
        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.1 200 OK", "HTTP/1.0 200 OK"})
        void streamWhenItHasNoLengthGetsChunks(String line) throws IOException {
            session.hasContainer("db");
            engine.on("GET", LOGS).rawThenClose(line + "\r\n\r\nabc");
            GatewayClient.Answer answer = client.get("/v1.41/containers/db/logs?stdout=1");
            assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(answer.body()).isEqualTo("abc");
            ping("OK");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                    "HTTP/1.0 200 OK\r\n\r\nabc",
                })
        void streamWhenTheClientKnowsNoChunksEndsWithItsConnection(String response) throws IOException {
            session.hasContainer("db");
            engine.on("GET", LOGS).rawThenClose(response);
            client.wire().send("GET /v1.41/containers/db/logs?stdout=1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Wire.Head head = client.head();
            assertThat(head.headers()).doesNotContainKeys("Transfer-Encoding", "Content-Length");
            assertThat(head.header("Connection")).isEqualTo("close");
            assertThat(client.wire().rest()).isEqualTo("abc");
        }

        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
        void responseWhenAnInterimOneComesBeforeIsTheFinalOne(String interim) throws IOException {
            session.hasContainer("db");
            engine.on("GET", LOGS).raw(interim + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
            GatewayClient.Answer relayed = client.get("/v1.41/containers/db/logs?stdout=1");
            assertThat(relayed.head().line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(relayed.body()).isEqualTo("abc");
            engine.on("GET", "/v1.41/containers/json")
                    .raw(interim + interim + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
            assertThat(client.get("/v1.41/containers/json").body()).isEqualTo("[]\n");
            ping("OK");
        }
    }

    @Nested
    class Stream {
        @Test
        void chunksWhenTheyComeAreSentAtOnce() throws IOException {
            session.hasContainer("db");
            CompletableFuture<Void> received = new CompletableFuture<>();
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/logs").plays(with -> {
                with.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
                ScriptedEngine.await(received);
                with.send("3\r\ntwo\r\n0\r\n\r\n");
            });
            client.ask("GET", "/v1.41/containers/db/logs?follow=1");
            Wire.Head head = client.head();
            assertThat(head.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(client.wire().exactly(8)).asString().isEqualTo("3\r\none\r\n");
            received.complete(null);
            assertThat(client.wire().body(head)).asString().isEqualTo("two");
        }

        @Test
        void eventsAreRewrittenLineByLine() throws IOException {
            engine.on("GET", "/v1.41/events")
                    .chunked(
                            "{\"Type\":\"container\",\"Actor\":{\"ID\":\"1\",\"Attributes\":{\"name\":\"dw-0a0b0c0d-db\",\"io.dock",
                            "erworkflow.session\":\"0a0b0c0d\"}}}\n{\"Type\":\"container\",\"Actor\":{\"ID\":\"2\",\"Attributes\":"
                                    + "{\"name\":\"other\"}}}\n");
            GatewayClient.Answer answer = client.get("/v1.41/events?until=1");
            assertThat(answer.json()).isEqualTo("{'Type':'container','Actor':{'ID':'1','Attributes':{'name':'db'}}}");
        }

        @Test
        void streamWhenTheClientGoesEndsForTheEngine() throws IOException {
            session.hasContainer("db");
            var logs = engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/logs").plays(with -> {
                with.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
                with.awaitEnd();
            });
            client.ask("GET", "/v1.41/containers/db/logs?follow=1");
            client.head();
            client.close();
            ScriptedEngine.await(logs.done());
        }

        @Test
        void requestWhenTheClientGoesBeforeTheAnswerEndsForTheEngine() throws IOException {
            var ping = engine.on("GET", "/v1.41/_ping").hangs();
            client.ask("GET", "/v1.41/_ping");
            ScriptedEngine.await(ping.begun());
            client.close();
            ScriptedEngine.await(ping.done());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void bodyWhenTheClientDoesNotReadWaitsAtTheEngine(boolean chunked) throws IOException {
            int piece = 256 * 1024;
            int pieces = 128;
            byte[] content = new byte[piece];
            new Random(1).nextBytes(content);
            AtomicLong sent = new AtomicLong();
            session.hasContainer("db");
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/export").plays(with -> {
                with.send("HTTP/1.1 200 OK\r\n"
                        + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (long) piece * pieces)
                        + "\r\n\r\n");
                for (int i = 0; i < pieces; i++) {
                    if (chunked) {
                        with.send(Integer.toHexString(piece) + "\r\n");
                    }
                    with.wire().send(content);
                    with.send(chunked ? "\r\n" : "");
                    sent.addAndGet(piece);
                }
                with.send(chunked ? "0\r\n\r\n" : "");
            });
            client.ask("GET", "/v1.41/containers/db/export");
            Wire.Head head = client.head();
            Awaitility.await().during(Duration.ofMillis(200)).until(sent::get, new Unchanged()::isSame);
            assertThat(sent).hasValueLessThan(16L * 1024 * 1024);
            byte[] all = client.wire().body(head);
            assertThat(all).hasSize(piece * pieces);
            for (int i = 0; i < pieces; i++) {
                assertThat(Arrays.mismatch(all, i * piece, (i + 1) * piece, content, 0, piece))
                        .isNegative();
            }
        }
    }
}
