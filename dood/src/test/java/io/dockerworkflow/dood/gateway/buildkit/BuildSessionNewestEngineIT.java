package io.dockerworkflow.dood.gateway.buildkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.dood.testsupport.TcpRelay;
import io.dockerworkflow.testsupport.NewestEngine;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of BuildKit on the engine of Debian's newest release: all that {@link BuildKitNewestEngineIT} has is long. */
@Timeout(180)
class BuildSessionNewestEngineIT {
    private static final Endpoint ENGINE = NewestEngine.endpoint();
    private static final Pattern UUID_HEADER = Pattern.compile("(?i)X-Docker-Expose-Session-Uuid: (\\S+)");

    @TempDir
    private Path directory;

    @Test
    void sessionWhenNoBuildComesIsReadAfterAll() {
        try (DockerSession session =
                DoodWorkflow.create().open(SessionOptions.defaults().engine(ENGINE))) {
            RawClient raw = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
            // The engine calls at once; that is held until it is known for what.
            assertThat(raw.send(upgrade("one"), false, Duration.ofSeconds(1)).text())
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContain("HTTP/2.0");
            assertThat(raw.send(upgrade("other"), false, Duration.ofSeconds(4)).body())
                    .startsWith("PRI * HTTP/2.0");
        }
    }

    /** Nothing of that session is read any more, so that a Dockerfile would pass untranslated. */
    @Test
    void engineBuildWhenItNamesTheSessionOfARunningBuildIsRefused() throws Exception {
        Files.writeString(directory.resolve("Dockerfile"), "FROM busybox\nRUN sleep 600\n");
        AtomicReference<String> uuid = new AtomicReference<>();
        try (DockerSession session =
                        DoodWorkflow.create().open(SessionOptions.defaults().engine(ENGINE));
                TcpRelay relay = new TcpRelay(((Endpoint.UnixSocket) session.endpoint()).path(), sent -> {
                    UUID_HEADER.matcher(sent).results().forEach(found -> uuid.set(found.group(1)));
                    return sent;
                })) {
            Process build = new NewClients(session)
                    .start(
                            directory,
                            Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + relay.port()),
                            "buildx",
                            "build",
                            "--no-cache",
                            "--progress",
                            "plain",
                            ".");
            try {
                BufferedReader output = build.inputReader(StandardCharsets.UTF_8);
                String line = output.readLine();
                while (line != null && !line.contains("RUN sleep 600")) {
                    line = output.readLine();
                }
                assertThat(line).isNotNull();
                assertThat(new RawClient(((Endpoint.UnixSocket) session.endpoint()).path())
                                .send(build(uuid.get()), false, Duration.ofSeconds(10))
                                .text())
                        .startsWith("HTTP/1.1 400 ")
                        .contains("has served a build of another kind (Solve) before");
                assertThat(build.isAlive()).isTrue();
            } finally {
                build.destroy();
            }
        }
    }

    private static byte[] build(String session) {
        return ("POST /build?version=2&remote=client-session&session=" + session
                        + " HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] upgrade(String uuid) {
        return ("POST /session HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
                        + "X-Docker-Expose-Session-Uuid: " + uuid + "\r\nX-Docker-Expose-Session-Name: test\r\n"
                        + "Content-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
