package io.dockerworkflow.dood;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.spi.EngineConnection;
import io.dockerworkflow.spi.EngineVersion;
import java.nio.file.Path;

/** The engine that sessions use when a test names none: that of {@code DOCKER_HOST}, else the machine's. */
final class EngineUnderTest {
    private EngineUnderTest() {}

    static Path socket() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return ((Endpoint.UnixSocket) engine.endpoint()).path();
        }
    }

    static EngineVersion version() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return engine.version();
        }
    }
}
