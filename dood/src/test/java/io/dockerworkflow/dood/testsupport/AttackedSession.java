package io.dockerworkflow.dood.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.RawClient.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A session that gets what no client should send. Its container is called "mine"; another session on the same engine has one
 * that must not be touched.
 */
public final class AttackedSession implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final DockerSession other = DoodWorkflow.create().open();
    private final DockerSession session = DoodWorkflow.create().open();
    private final RawClient gateway = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
    private final String victim;
    private final String version;
    private final long socketsBefore;

    public AttackedSession() {
        victim = new Cli(other).docker("run", "-d", "busybox", "sleep", "900").ok();
        new Cli(session)
                .docker("run", "-d", "--name", "mine", "busybox", "sleep", "900")
                .ok();
        // The newest: an engine may refuse older ones, and would then look at nothing else of a request.
        version = "/v" + EngineUnderTest.version().api();
        ping();
        socketsBefore = sockets();
    }

    /** How paths begin, with the version that the engine speaks. */
    public String version() {
        return version;
    }

    /** The full id of the other session's container. */
    public String victim() {
        return victim;
    }

    /** Sends these bytes, a char for each, and says that there are no more. */
    public Outcome send(String latin) {
        return gateway.send(bytes(latin), true, PATIENCE);
    }

    /** Sends these bytes, a char for each, and waits for more answers than one. */
    public Outcome sendAndStay(String latin) {
        return gateway.send(bytes(latin), false, PATIENCE);
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The gateway answers, and keeps no connection that nobody uses. */
    public void assertGoesOn() {
        ping();
        // Two gateways with two event loops keep up to eight idle connections to the engine each.
        await("connections to be closed").atMost(Duration.ofSeconds(20)).until(() -> sockets() <= socketsBefore + 32);
    }

    public void assertVictimUntouched(String by) {
        assertThat(new Cli(other).docker("ps", "-q", "--no-trunc").ok()).as(by).isEqualTo(victim);
    }

    @Override
    public void close() {
        try (other;
                session) {
            assertThat(new Cli(session)
                            .docker("run", "--rm", "busybox", "echo", "still here")
                            .ok())
                    .isEqualTo("still here");
            assertVictimUntouched("all requests");
        }
    }

    private void ping() {
        Outcome outcome = gateway.request("GET", "/_ping", Map.of(), "");
        assertThat(outcome.status()).as(outcome.text()).contains(200);
        assertThat(outcome.body()).isEqualTo("OK");
        assertThat(outcome.closed()).isTrue();
    }

    /** The sockets of this process, which is the gateway's. */
    private static long sockets() {
        return Stream.of(Objects.requireNonNull(new File("/proc/self/fd").list()))
                .filter(fd -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc/self/fd", fd))
                                .toString()
                                .startsWith("socket:");
                    } catch (IOException e) {
                        return false; // closed meanwhile
                    }
                })
                .count();
    }
}
