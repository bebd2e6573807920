package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.SessionContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ExclusiveOperationTest {
    @TempDir
    private Path directory;

    private ScriptedEngine engine;
    private SessionContext session;

    @BeforeEach
    void start() throws IOException {
        engine = ScriptedEngine.in(directory);
        session = new SessionContext(engine.endpoint(), Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
        engine.close();
    }

    private ClientResponse.Full prune() {
        Query query = new Query().set("filters", "{}");
        return (ClientResponse.Full) ExclusiveOperation.prune(
                        session.call("POST", "/networks/prune"),
                        "/networks/prune",
                        query,
                        answer -> answer.put("changed", true))
                .toCompletableFuture()
                .join();
    }

    @Test
    void pruneWhenAnotherIsRunningIsAskedAgain() {
        for (int i = 0; i < 2; i++) {
            engine.on("POST", "/v1.41/networks/prune?filters=%7B%7D")
                    .json(409, "{'message':'a prune operation is already running'}");
        }
        engine.on("POST", "/v1.41/networks/prune?filters=%7B%7D").json(200, "{'NetworksDeleted':['a']}");
        ClientResponse.Full response = prune();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"NetworksDeleted\":[\"a\"],\"changed\":true}\n");
    }

    @Test
    void pruneWhenItFailsOtherwiseFails() {
        engine.on("POST", "/v1.41/networks/prune").json(409, "{'message':'other'}");
        assertThatThrownBy(this::prune).hasRootCauseMessage("other");
    }
}
