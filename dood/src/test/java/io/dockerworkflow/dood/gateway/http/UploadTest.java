package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.GatewayClient;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.Unchanged;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest extends WithServedSession {
    private static final String ARCHIVE = "/v1.41/containers/dw-0a0b0c0d-db/archive";
    private static final String PUT =
            "PUT /v1.41/containers/db/archive?path=/ HTTP/1.1\r\nContent-Type: application/x-tar\r\n";

    @BeforeEach
    void script() {
        session.hasContainer("db");
    }

    @Test
    void bodyWhenItHasALengthKeepsIt() throws IOException {
        var archive = engine.on("PUT", ARCHIVE);
        client.wire().send(PUT + "Content-Length: 6\r\n\r\nabcdef");
        assertThat(client.answer().status()).isEqualTo(200);
        ScriptedEngine.Asked asked = ScriptedEngine.await(archive.done());
        assertThat(asked.body()).isEqualTo("abcdef");
        assertThat(asked.header("Content-Length")).isEqualTo("6");
        assertThat(asked.header("Content-Type")).isEqualTo("application/x-tar");
        assertThat(asked.headers()).doesNotContainKey("Transfer-Encoding");
        assertThat(asked.query().get("path")).isEqualTo("/");
    }

    @Test
    void bodyWhenItIsChunkedStaysChunked() throws IOException {
        CompletableFuture<Void> half = new CompletableFuture<>();
        var archive = engine.on("PUT", ARCHIVE).playsEarly(with -> {
            assertThat(with.wire().exactly(8)).asString().isEqualTo("3\r\nabc\r\n");
            half.complete(null);
            assertThat(with.body()).asString().isEqualTo("def");
            with.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        client.wire().send(PUT + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        ScriptedEngine.await(half);
        client.wire().send("3;name=value\r\ndef\r\n0\r\nTrailer: x\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(200);
        assertThat(ScriptedEngine.await(archive.done()).header("Transfer-Encoding"))
                .isEqualTo("chunked");
    }

    @Test
    void bodyWhenItComesByteByByteIsTheSame() throws IOException {
        engine.on("PUT", ARCHIVE).withBody("abcdefghijklmno"::equals);
        for (char next :
                (PUT + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nC\r\ndefghijklmno\r\n0\r\n\r\n").toCharArray()) {
            client.wire().send(String.valueOf(next));
        }
        assertThat(client.answer().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\n", "-1\r\n", "3 4\r\n", "ffffffffffff\r\n"})
    void bodyWhenItIsMalformedIsRefusedAndEndsForTheEngine(String rest) throws IOException {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        var archive = engine.on("PUT", ARCHIVE).playsEarly(with -> {
            assertThat(with.wire().exactly(8)).asString().isEqualTo("3\r\nabc\r\n");
            begun.complete(null);
            with.awaitEnd();
        });
        client.wire().send(PUT + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        ScriptedEngine.await(begun);
        client.wire().send(rest);
        ScriptedEngine.await(archive.done());
        GatewayClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json()).isEqualTo("{'message':'malformed request body'}");
    }

    @Test
    void bodyWhenAChunkHasNoLineEndEndsBothConnections() throws IOException {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        var archive = engine.on("PUT", ARCHIVE).playsEarly(with -> {
            assertThat(with.wire().exactly(8)).asString().isEqualTo("3\r\nabc\r\n");
            begun.complete(null);
            with.awaitEnd();
        });
        client.wire().send(PUT + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        ScriptedEngine.await(begun);
        client.wire().send("3\r\nabcdef\r\n");
        ScriptedEngine.await(archive.done());
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void bodyWhenItIsBrokenOffIsRefusedAndEndsForTheEngine() throws IOException {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        var archive = engine.on("PUT", ARCHIVE).playsEarly(with -> {
            assertThat(with.wire().exactly(3)).asString().isEqualTo("abc");
            begun.complete(null);
            with.awaitEnd();
        });
        client.wire().send(PUT + "Content-Length: 6\r\n\r\nabc");
        ScriptedEngine.await(begun);
        client.wire().endOutput();
        GatewayClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json()).isEqualTo("{'message':'malformed request body'}");
        ScriptedEngine.await(archive.done());
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void answerWhenItComesBeforeTheBodyEndsTheConnectionAfterIt() throws IOException {
        engine.on("PUT", ARCHIVE).playsEarly(with -> {
            with.send("HTTP/1.1 404 Not Found\r\nContent-Length: 21\r\n\r\n{\"message\":\"no path\"}");
            with.awaitEnd();
        });
        client.wire().send(PUT + "Content-Length: 6\r\n\r\nabc");
        GatewayClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json()).isEqualTo("{'message':'no path'}");
        assertThat(answer.header("Connection")).isEqualTo("close");
        client.wire().send("def");
        assertThat(client.isEnded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bodyWhenTheEngineDoesNotReadWaitsAtTheClient(boolean chunked) throws Exception {
        int piece = 256 * 1024;
        int pieces = 128;
        byte[] content = new byte[piece];
        new Random(1).nextBytes(content);
        CompletableFuture<Void> reads = new CompletableFuture<>();
        var archive = engine.on("PUT", ARCHIVE).playsEarly(with -> {
            ScriptedEngine.await(reads);
            byte[] all = with.body();
            assertThat(all).hasSize(piece * pieces);
            for (int i = 0; i < pieces; i++) {
                assertThat(Arrays.mismatch(all, i * piece, (i + 1) * piece, content, 0, piece))
                        .isNegative();
            }
            with.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        AtomicLong sent = new AtomicLong();
        client.wire()
                .send(PUT + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + piece * pieces)
                        + "\r\n\r\n");
        CompletableFuture<Void> upload = Background.run(() -> {
            try {
                for (int i = 0; i < pieces; i++) {
                    client.wire().send(chunked ? Integer.toHexString(piece) + "\r\n" : "");
                    client.wire().send(content);
                    client.wire().send(chunked ? "\r\n" : "");
                    sent.addAndGet(piece);
                }
                client.wire().send(chunked ? "0\r\n\r\n" : "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Awaitility.await().during(Duration.ofMillis(200)).until(sent::get, new Unchanged()::isSame);
        assertThat(sent).hasValueLessThan(16L * 1024 * 1024);
        reads.complete(null);
        assertThat(client.answer().status()).isEqualTo(200);
        ScriptedEngine.await(upload);
        ScriptedEngine.await(archive.done());
    }
}
