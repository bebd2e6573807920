package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests to an engine that takes connections, as its kernel does for it, and does not answer. */
@Timeout(20)
class EngineApiTest {
    private static final Duration LIMIT = Duration.ofMillis(500);

    @TempDir
    private Path directory;

    private ServerSocketChannel engine;
    private EngineApi api;

    @BeforeEach
    void listen() throws IOException {
        Path socket = directory.resolve("s");
        engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        engine.bind(UnixDomainSocketAddress.of(socket));
        api = new EngineApi(new Endpoint.UnixSocket(socket), "1.41", LIMIT);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    @Test
    void getWhenEngineDoesNotAnswerEndsAtTheLimit() {
        assertThatThrownBy(() -> api.get("/containers/json"))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseInstanceOf(IOException.class)
                .hasMessageContaining("the engine did not answer within 0.5 s");
    }

    @Test
    void upgradeWhenEngineDoesNotAnswerEndsAtTheLimit() {
        assertThatThrownBy(() -> api.upgrade("/containers/x/attach"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the engine did not answer within 0.5 s");
    }

    @Test
    void patientWhenEngineDoesNotAnswerWaitsForLonger() {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> api.patient(LIMIT).get("/containers/json"))
                .hasMessageContaining("the engine did not answer within 1.0 s");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(LIMIT);
    }
}
