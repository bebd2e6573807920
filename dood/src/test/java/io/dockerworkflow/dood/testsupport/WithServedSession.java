package io.dockerworkflow.dood.testsupport;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a session's gateway over an engine that answers from a script, by a client that is connected. */
@Timeout(20)
public abstract class WithServedSession {
    /** The session's directory, and the engine's. */
    @TempDir
    protected Path directory;

    protected ServedSession session;
    protected ScriptedEngine engine;
    protected GatewayClient client;

    @BeforeEach
    void open() throws IOException {
        session = ServedSession.in(directory);
        engine = session.engine();
        client = session.client();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        session.close();
    }
}
