package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that flow while a request is open, in one direction or in both. */
@Timeout(120)
class StreamsIT {
    private static DockerSession session;
    private static Cli cli;
    private static RawClient raw;

    @BeforeAll
    static void open() {
        session = DoodWorkflow.create().open();
        cli = new Cli(session);
        raw = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
        cli.docker("run", "-d", "--name", "host", "busybox", "sleep", "900").ok();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    void execWhenInputEndsPassesTheEndOnAndStillReturnsTheOutput() {
        // wc answers only after it has seen the end of its input.
        assertThat(cli.dockerWithInput("one\ntwo\n", "exec", "-i", "host", "wc", "-l")
                        .ok())
                .isEqualTo("2");
    }

    @Test
    void attachWhenAskedToUpgradeAnswers101AndTakesBytesThatCameEarly() {
        RawClient.Outcome outcome = attach("Upgrade: tcp\r\nConnection: Upgrade\r\n", "early\n");
        assertThat(outcome.status()).contains(101);
        assertThat(outcome.header("Upgrade")).contains("tcp");
        assertThat(outcome.text()).endsWith("early\n");
        assertThat(outcome.closed()).isTrue();
    }

    @Test
    void attachWhenNotAskedToUpgradeAnswers200AndTheRawStream() {
        RawClient.Outcome outcome = attach("", "early\n");
        assertThat(outcome.status()).contains(200);
        assertThat(outcome.header("Content-Type")).contains("application/vnd.docker.raw-stream");
        assertThat(outcome.text()).endsWith("early\n");
        assertThat(outcome.closed()).isTrue();
    }

    private RawClient.Outcome attach(String headers, String input) {
        String id = cli.docker("create", "-i", "busybox", "cat").ok();
        cli.docker("start", id).ok();
        String head = "POST /containers/" + id + "/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: docker\r\n"
                + headers + "Content-Length: 0\r\n\r\n" + input;
        return raw.send(head.getBytes(StandardCharsets.ISO_8859_1), true, Duration.ofSeconds(20));
    }

    @Test
    void terminalWhenAskedForIsOne() {
        Process process = start("script", "-qec", "docker exec -it host tty", "/dev/null");
        assertThat(Cli.result(process).ok()).contains("/dev/pts/");
    }

    @Test
    void logsWhenFollowedComeLineByLine() throws IOException {
        cli.docker("run", "-d", "--name", "ticker", "busybox", "sh", "-c", "echo first; sleep 600")
                .ok();
        Process logs = cli.start("logs", "-f", "ticker");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(logs.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("first");
        } finally {
            logs.destroy();
        }
    }

    @Test
    void logsWhenNothingComesLeaveTheGatewayAsleep() {
        cli.docker("run", "-d", "--name", "silent", "busybox", "sh", "-c", "echo first; sleep 3; echo last")
                .ok();
        long before = gatewayProcessorTime();

        assertThat(cli.docker("logs", "-f", "silent").ok()).isEqualTo("first\nlast");

        // It looks out for an answer that may come at once (BusyPolling), which must not become a habit.
        assertThat(Duration.ofNanos(gatewayProcessorTime() - before)).isLessThan(Duration.ofMillis(500));
    }

    private static long gatewayProcessorTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("docker-workflow-gateway"))
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getId())))
                .sum();
    }

    @Test
    void waitWhenStartedBeforeTheEndReturnsTheCode() {
        cli.docker("run", "-d", "--name", "failing", "busybox", "sh", "-c", "sleep 2; exit 7")
                .ok();
        Process waiting = cli.start("wait", "failing");
        assertThat(Cli.result(waiting).ok()).isEqualTo("7");
    }

    @Test
    void copyWhenToAndFromAContainerKeepsTheContent(@TempDir Path directory) throws IOException {
        byte[] content = new byte[5 * 1024 * 1024];
        new java.util.Random(42).nextBytes(content);
        Path there = Files.write(directory.resolve("there"), content);
        Path back = directory.resolve("back");
        cli.docker("cp", there.toString(), "host:/tmp/file").ok();
        cli.docker("cp", "host:/tmp/file", back.toString()).ok();
        assertThat(back).hasSameBinaryContentAs(there);
    }

    @Test
    void eventsWhenWatchedNameOnlyTheSessionsObjects() throws IOException {
        try (DockerSession other = DoodWorkflow.create().open()) {
            Process events =
                    cli.start("events", "--format", "{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.Actor.ID}}");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(events.getInputStream(), StandardCharsets.UTF_8))) {
                new Cli(other).docker("network", "create", "theirs").ok();
                new Cli(other).docker("create", "--name", "theirs", "busybox").ok();
                cli.docker("volume", "create", "mine").ok();
                cli.docker("network", "create", "mine").ok();
                String volume =
                        cli.docker("create", "--name", "mine", "busybox").ok();
                cli.docker("rename", "mine", "renamed").ok();
                cli.docker("rm", "renamed").ok();
                assertThat(lines.readLine()).isEqualTo("volume create <no value> mine");
                assertThat(lines.readLine()).startsWith("network create mine ");
                assertThat(lines.readLine()).isEqualTo("container create mine " + volume);
                assertThat(lines.readLine()).isEqualTo("container rename renamed " + volume);
                assertThat(lines.readLine()).isEqualTo("container destroy renamed " + volume);
            } finally {
                events.destroy();
            }
        }
    }

    @Test
    void statsWhenReadOnceShowTheLogicalName() {
        assertThat(cli.docker("stats", "--no-stream", "--format", "{{.Name}}")
                        .ok()
                        .lines())
                .contains("host");
    }

    @Test
    void dnsWhenAContainerIsRenamedOrConnectedKnowsItsName() {
        cli.docker("network", "create", "first").ok();
        cli.docker("network", "create", "second").ok();
        cli.docker("run", "-d", "--name", "old", "--network", "first", "busybox", "sleep", "900")
                .ok();
        cli.docker("network", "connect", "second", "old").ok();
        assertThat(ping("second", "old").code()).isZero();
        cli.docker("rename", "old", "new").ok();
        assertThat(ping("first", "new").code()).isZero();
        assertThat(ping("second", "new").code()).isZero();
        assertThat(ping("first", "old").output()).contains("bad address");
        String networks = cli.docker("inspect", "-f", "{{json .NetworkSettings.Networks}}", "new")
                .ok();
        assertThat(networks).doesNotContain("dw-");
        // Engines from 26 on list the container's name among its DNS names; an alias it is on none.
        assertThat(networks.replaceAll("\"DNSNames\":\\[[^]]*]", "")).doesNotContain("\"new\"");
    }

    private static Cli.Result ping(String network, String name) {
        return cli.docker("run", "--rm", "--network", network, "busybox", "ping", "-c1", "-W2", name);
    }

    private static Process start(String... command) {
        try {
            return session.configure(new ProcessBuilder(command).redirectErrorStream(true))
                    .start();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
