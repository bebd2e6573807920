package io.dockerworkflow.dood;

import io.dockerworkflow.Endpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** On the engine of Debian's newest release, whose builder knows source policies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BuildKitNewestEngineIT extends BuildKitContract {
    private Path socket = Path.of("/");

    @BeforeAll
    void startEngine() {
        socket = NewClients.newestEngine();
    }

    @Override
    Endpoint engine() {
        return new Endpoint.UnixSocket(socket);
    }
}
