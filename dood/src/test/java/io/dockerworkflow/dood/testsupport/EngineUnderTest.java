package io.dockerworkflow.dood.testsupport;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.engine.EngineVersion;
import java.nio.file.Path;

/** The engine that sessions use when a test names none: that of {@code DOCKER_HOST}, else the machine's. */
public final class EngineUnderTest {
    private EngineUnderTest() {}

    public static Path socket() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return ((Endpoint.UnixSocket) engine.endpoint()).path();
        }
    }

    public static EngineVersion version() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return engine.version();
        }
    }
}
