package io.dockerworkflow.dood.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.engine.EngineVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route of the API: what answers it, and that what is no route is refused. The list is the file beside this class. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RoutesContract {
    private DockerSession session;
    private RawClient gateway;
    private int oldest;
    private int newest;

    abstract Endpoint engine();

    @BeforeAll
    void open(@TempDir Path context) throws IOException {
        fillBuildCache(context);
        EngineVersion version;
        try (EngineConnection engine = EngineConnection.open(engine())) {
            version = engine.version();
        }
        oldest = minor(version.minApi());
        newest = minor(version.api());
        session = DoodWorkflow.create().open(SessionOptions.defaults().engine(engine()));
        gateway = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
    }

    /** What a session must not show: an engine that has built nothing says null, and would show nothing anyway. */
    private void fillBuildCache(Path context) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN true\n");
        try (DockerSession other =
                DoodWorkflow.create().open(SessionOptions.defaults().engine(engine()))) {
            new NewClients(other).docker(context, "buildx", "build", ".").ok();
        }
    }

    private static int minor(String version) {
        return Integer.parseInt(version.substring("1.".length()));
    }

    @AfterAll
    void close() {
        session.close();
    }

    static Stream<String> routes() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(RoutesContract.class.getResourceAsStream("routes.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void routeWhenAskedAnswersAsTheListSays(String line) {
        String[] parts = line.replace("$OLDEST", "1." + oldest).split(" ", 4);
        for (String version : versions()) {
            RawClient.Outcome outcome = ask(parts[0], version + parts[1]);
            assertThat(outcome.status().map(String::valueOf).orElse("none"))
                    .as(version + " " + outcome.text())
                    .isIn((Object[]) parts[2].split("\\|"));
            if (outcome.text().contains("application/json")) {
                // Also a document's own end: shells read lines.
                assertThat(outcome.text()).endsWith("\n");
            }
            if (parts.length == 4) {
                assertThat(outcome.text()).contains(parts[3]);
            }
        }
    }

    /** None, and the oldest, one between and the newest that the engine takes. */
    private Set<String> versions() {
        Set<String> versions = new TreeSet<>(Set.of(""));
        for (int minor : new int[] {oldest, Math.max(oldest, 41), newest}) {
            versions.add("/v1." + minor);
        }
        return versions;
    }

    @Test
    void versionWhenTheEngineDoesNotTakeItIsRefused() {
        assertThat(ask("GET", "/v1." + (oldest - 1) + "/containers/json").text())
                .contains(" 400 ", "is too old. Minimum supported API version is 1." + oldest);
        assertThat(ask("GET", "/v1." + (newest + 1) + "/containers/json").text())
                .contains(" 400 ", "is too new. Maximum supported API version is 1." + newest);
    }

    private RawClient.Outcome ask(String method, String target) {
        return gateway.request(method, target, Map.of("Content-Type", "application/json"), "");
    }
}
