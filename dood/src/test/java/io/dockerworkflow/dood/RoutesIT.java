package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route of the API: what answers it, and that what is no route is refused. The list is the file beside this class. */
@Timeout(120)
class RoutesIT {
    private static DockerSession session;
    private static RawClient gateway;

    @BeforeAll
    static void open() {
        session = DoodWorkflow.create().open();
        gateway = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
    }

    @AfterAll
    static void close() {
        session.close();
    }

    static Stream<String> routes() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(RoutesIT.class.getResourceAsStream("routes.txt")), StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void routeWhenAskedAnswersAsTheListSays(String line) {
        String[] parts = line.split(" ", 4);
        for (String version : new String[] {"", "/v1.24", "/v1.41"}) {
            RawClient.Outcome outcome =
                    gateway.request(parts[0], version + parts[1], Map.of("Content-Type", "application/json"), "");
            assertThat(outcome.status().map(String::valueOf).orElse("none"))
                    .as(outcome.text())
                    .isIn((Object[]) parts[2].split("\\|"));
            if (parts.length == 4) {
                assertThat(outcome.text()).contains(parts[3]);
            }
        }
    }
}
