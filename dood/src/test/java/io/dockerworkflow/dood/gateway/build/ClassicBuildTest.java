package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The builder's lines are those of engine 20.10. */
class ClassicBuildTest extends WithServedSession {
    private static final String RUNNING = "{\"stream\":\"Step 2/2 : RUN sleep 600\"}\n{\"stream\":\"\\n\"}\n"
            + "{\"stream\":\" ---\\u003e Running in 0123456789ab\\n\"}\n";
    private static final String FAILED = "{\"errorDetail\":{\"code\":137,\"message\":\"The command returned a non-zero"
            + " code: 137\"},\"error\":\"The command returned a non-zero code: 137\"}\n";

    @BeforeEach
    void script() {
        engine.on("GET", "/v1.41/images/json").json(200, "[]");
        engine.on("GET", "/v1.41/images/dw-0a0b0c0d-images/own:build-1/json").json(404, "{'message':'none'}");
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private List<Path> notes() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("step-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ask() throws IOException {
        client.wire()
                .send("POST /v1.41/build HTTP/1.1\r\nContent-Type: application/x-tar\r\nContent-Length: 0\r\n\r\n");
    }

    /** The engine may still be committing the step. */
    @Test
    void noteOfAStepWhenTheClientHasGoneStays() throws IOException {
        var build = engine.on("POST", "/v1.41/build").plays(with -> {
            with.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk(RUNNING));
            with.awaitEnd();
        });
        ask();
        await().until(() -> notes().size() == 1);
        client.close();
        ScriptedEngine.await(build.done());
        await().during(Duration.ofMillis(300)).until(() -> notes().size() == 1);
    }

    /** After its error the builder does nothing more. */
    @Test
    void noteOfAStepWhenTheStepHasFailedIsGone() throws IOException {
        CompletableFuture<Void> noted = new CompletableFuture<>();
        engine.on("POST", "/v1.41/build").plays(with -> {
            with.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk(RUNNING));
            ScriptedEngine.await(noted);
            with.send(chunk(FAILED) + chunk(""));
        });
        ask();
        await().until(() -> notes().size() == 1);
        noted.complete(null);
        assertThat(client.answer().body()).contains("non-zero code: 137");
        await().until(() -> notes().isEmpty());
    }
}
