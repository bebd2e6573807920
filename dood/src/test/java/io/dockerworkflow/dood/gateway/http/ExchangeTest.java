package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.GatewayClient;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.Wire;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ExchangeTest extends WithServedSession {
    private void assertStillServes() throws IOException {
        engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        assertThat(client.get("/v1.41/_ping").body()).isEqualTo("OK");
    }

    @Nested
    class Bodiless {
        @Test
        void answerToHeadHasALengthAndNoBody() throws IOException {
            engine.on("HEAD", "/v1.41/_ping")
                    .raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: no-cache\r\n\r\n");
            Wire.Head head = client.ask("HEAD", "/v1.41/_ping").head();
            assertThat(head.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(head.header("Content-Length")).isEqualTo("2");
            assertThat(head.header("Cache-Control")).isEqualTo("no-cache");
            assertStillServes();
        }

        @Test
        void answerToHeadWhenItIsAnErrorHasNoBody() throws IOException {
            session.hasContainer("db");
            engine.on("HEAD", "/v1.41/containers/dw-0a0b0c0d-db/archive")
                    .raw("HTTP/1.1 404 Not Found\r\nContent-Length: 26\r\n\r\n");
            Wire.Head head = client.ask("HEAD", "/v1.41/containers/db/archive?path=/none")
                    .head();
            assertThat(head.line()).isEqualTo("HTTP/1.1 404 Not Found");
            assertStillServes();
        }

        @Test
        void answerToHeadOfTheGatewaysOwnHasNoBody() throws IOException {
            Wire.Head head = client.ask("HEAD", "/v1.41/nothing").head();
            assertThat(head.line()).isEqualTo("HTTP/1.1 404 Not Found");
            assertThat(head.header("Content-Length")).isNotEqualTo("0");
            assertStillServes();
        }

        @Test
        void answerWhenItHasNoContentHasNoLength() throws IOException {
            session.hasContainer("db");
            engine.on("POST", "/v1.41/containers/dw-0a0b0c0d-db/start").raw("HTTP/1.1 204 No Content\r\n\r\n");
            Wire.Head head = client.ask("POST", "/v1.41/containers/db/start").head();
            assertThat(head.line()).isEqualTo("HTTP/1.1 204 No Content");
            assertThat(head.headers()).doesNotContainKeys("Content-Length", "Transfer-Encoding");
            assertStillServes();
        }

        @Test
        void answerWhenNothingHasChangedHasNoBody() throws IOException {
            session.hasContainer("db");
            engine.on("POST", "/v1.41/containers/dw-0a0b0c0d-db/stop").raw("HTTP/1.1 304 Not Modified\r\n\r\n");
            assertThat(client.ask("POST", "/v1.41/containers/db/stop").head().line())
                    .isEqualTo("HTTP/1.1 304 Not Modified");
            assertStillServes();
        }
    }

    @Nested
    class Continue {
        @Test
        void clientWhenItsBodyIsWantedIsToldToContinue() throws IOException {
            session.hasContainer("db");
            var archive = engine.on("PUT", "/v1.41/containers/dw-0a0b0c0d-db/archive");
            client.wire()
                    .send("PUT /v1.41/containers/db/archive?path=/ HTTP/1.1\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 3\r\n\r\n");
            assertThat(client.head().line()).isEqualTo("HTTP/1.1 100 Continue");
            client.wire().send("abc");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(ScriptedEngine.await(archive.done()).body()).isEqualTo("abc");
            assertThat(archive.done().join().headers()).doesNotContainKey("Expect");
            assertStillServes();
        }

        @Test
        void clientWhenItsBodyIsNotWantedIsNotToldToContinue() throws IOException {
            client.wire().send("POST /v1.41/nothing HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            GatewayClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("Connection")).isEqualTo("close");
        }

        @Test
        void clientWhenItHasSentItsBodyIsNotToldToContinue() throws IOException {
            session.hasContainer("db");
            // The gateway asks for the body only when it knows the container, and then the body is there.
            engine.on("PUT", "/v1.41/containers/dw-0a0b0c0d-db/archive").withBody("abc"::equals);
            client.wire()
                    .send(
                            "PUT /v1.41/containers/db/archive HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Nested
    class Headers {
        @Test
        void answerOfTheGatewaysOwnHasTheDaemonsHeaders() throws IOException {
            GatewayClient.Answer answer = client.get("/v1.41/nothing");
            assertThat(answer.header("Api-Version")).isEqualTo("1.41");
            assertThat(answer.header("Docker-Experimental")).isEqualTo("false");
            assertThat(answer.header("Ostype")).isEqualTo("linux");
            assertThat(answer.header("Server")).isEqualTo("Docker/20.10.24 (linux)");
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.body()).isEqualTo("{\"message\":\"page not found\"}\n");
        }

        @Test
        void answerOfTheEngineHasNoHeaderOfItsConnection() throws IOException {
            engine.on("GET", "/v1.41/_ping")
                    .rawThenClose(
                            "HTTP/1.1 200 OK\r\nApi-Version: 1.99\r\nConnection: close\r\nKeep-Alive: timeout=1\r\n"
                                    + "Builder-Version: 1\r\nContent-Length: 2\r\n\r\nOK");
            GatewayClient.Answer answer = client.get("/v1.41/_ping");
            assertThat(answer.body()).isEqualTo("OK");
            assertThat(answer.header("Api-Version")).isEqualTo("1.41");
            assertThat(answer.header("Builder-Version")).isEqualTo("1");
            assertThat(answer.head().headers()).doesNotContainKeys("Connection", "Keep-Alive");
            assertStillServes();
        }

        @Test
        void requestHasNoHeaderOfTheClientsConnection() throws IOException {
            engine.on("GET", "/v1.41/_ping").raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
            client.wire()
                    .send(
                            "GET http://other/_ping HTTP/1.1\r\nHost: other\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n"
                                    + "TE: trailers\r\nUpgrade: h2c\r\nUser-Agent: test\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("OK");
            ScriptedEngine.Asked asked = engine.asked().get(1);
            assertThat(asked.target()).isEqualTo("/v1.41/_ping");
            assertThat(asked.header("Host")).isEqualTo("docker");
            assertThat(asked.header("User-Agent")).isEqualTo("test");
            assertThat(asked.headers()).doesNotContainKeys("Connection", "X-Mine", "TE", "Upgrade", "Content-Length");
        }
    }
}
