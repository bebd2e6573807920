package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.spi.NewestEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** On the engine of Debian's newest release, whose builder knows source policies. */
class BuildKitNewestEngineIT extends BuildKitContract {
    private static final Endpoint ENGINE = NewestEngine.endpoint();

    @Override
    Endpoint engine() {
        return ENGINE;
    }

    @Test
    void sessionWhenNoBuildComesIsReadAfterAll() {
        try (DockerSession session =
                DoodWorkflow.create().open(SessionOptions.defaults().engine(engine()))) {
            RawClient raw = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
            // The engine calls at once; that is held until it is known for what.
            assertThat(raw.send(upgrade("one"), false, Duration.ofSeconds(1)).text())
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContain("HTTP/2.0");
            assertThat(raw.send(upgrade("other"), false, Duration.ofSeconds(4)).body())
                    .startsWith("PRI * HTTP/2.0");
        }
    }

    private static byte[] upgrade(String uuid) {
        return ("POST /session HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
                        + "X-Docker-Expose-Session-Uuid: " + uuid + "\r\nX-Docker-Expose-Session-Name: test\r\n"
                        + "Content-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
