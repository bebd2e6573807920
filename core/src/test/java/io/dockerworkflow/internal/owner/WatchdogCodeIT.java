package io.dockerworkflow.internal.owner;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command does on a real engine, with and without a shell to wait. */
class WatchdogCodeIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void childrenWhenInputEndsAreRemoved(boolean shell) throws Exception {
        try (EngineConnection connection = EngineConnection.open(SessionOptions.defaults())) {
            EngineApi engine =
                    new EngineApi(connection.endpoint(), connection.version().api());
            String volume = "dw-test-" + SessionId.random();
            String labelled = "dw-test-" + SessionId.random();
            String label = labelled + "=mine";
            engine.post("/volumes/create", Map.of("Name", volume));
            engine.post("/volumes/create", Map.of("Name", labelled, "Labels", Map.of(labelled, "mine")));
            String classPath = WatchdogCode.file(Watchdog.class).orElseThrow()
                    + File.pathSeparator
                    + WatchdogCode.file(JsonFactory.class).orElseThrow();
            Process watchdog = new ProcessBuilder(WatchdogCode.command(shell, classPath, engine, label))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (OutputStream input = watchdog.getOutputStream()) {
                input.write((CleanupList.add(new Child(Kind.VOLUME, volume)) + "\n").getBytes(StandardCharsets.UTF_8));
            }

            await().atMost(SOON)
                    .until(() -> engine.get("/volumes").at("Volumes").elements().stream()
                            .map(each -> each.text("Name"))
                            .noneMatch(List.of(volume, labelled)::contains));
            await().atMost(SOON).until(() -> !watchdog.isAlive());
        }
    }
}
