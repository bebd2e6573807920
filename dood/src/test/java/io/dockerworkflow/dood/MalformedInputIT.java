package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.RawClient.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no client should send: the gateway answers 4xx or closes, leaks nothing, and the session goes on. */
@Timeout(300)
class MalformedInputIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int FUZZED = 10_000;
    private static final long SEED = 20_260_101L;

    private static DockerSession session;
    private static DockerSession other;
    private static RawClient gateway;
    private static RawClient theirs;
    private static String victim;
    private static long socketsBefore;

    @BeforeAll
    static void open() {
        other = DoodWorkflow.create().open();
        victim = new Cli(other).docker("run", "-d", "busybox", "sleep", "900").ok();
        theirs = new RawClient(((Endpoint.UnixSocket) other.endpoint()).path());
        session = DoodWorkflow.create().open();
        new Cli(session)
                .docker("run", "-d", "--name", "mine", "busybox", "sleep", "900")
                .ok();
        gateway = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
        ping();
        socketsBefore = sockets();
    }

    @AfterAll
    static void close() {
        assertThat(new Cli(session)
                        .docker("run", "--rm", "busybox", "echo", "still here")
                        .ok())
                .isEqualTo("still here");
        assertThat(new Cli(other).docker("ps", "-q", "--no-trunc").ok()).isEqualTo(victim);
        session.close();
        other.close();
    }

    @AfterEach
    void sessionGoesOn() {
        ping();
        // Two gateways with two event loops keep up to eight idle connections to the engine each.
        await().atMost(Duration.ofSeconds(20)).until(() -> sockets() <= socketsBefore + 32);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void requestWhenMalformedIsAnswered4xxOrClosed(String name, String bytes) {
        Outcome outcome = gateway.send(latin(bytes), true, PATIENCE);
        assertThat(outcome.closed()).as(name + " hangs: " + outcome.text()).isTrue();
        outcome.status()
                .ifPresent(status -> assertThat(status).as(outcome.text()).isBetween(400, 499));
        assertThat(outcome.answers()).as(outcome.text()).isLessThanOrEqualTo(1);
    }

    static Stream<Object[]> shapes() {
        Map<String, String> shapes = new LinkedHashMap<>();
        String host = "Host: docker\r\n";
        String create = "POST /containers/create HTTP/1.1\r\n" + host + "Content-Type: application/json\r\n";
        shapes.put("nothing", "");
        shapes.put("blank lines", "\r\n\r\n\r\n");
        shapes.put("words", "hello gateway\r\n\r\n");
        shapes.put("no version", "GET /_ping\r\n\r\n");
        shapes.put("version from the future", "GET /_ping HTTP/9.9\r\n" + host + "\r\n");
        shapes.put("no such protocol", "GET /_ping SPDY/3\r\n" + host + "\r\n");
        shapes.put("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        shapes.put(
                "TLS hello",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + "\u0000".repeat(500));
        shapes.put("zeros", "\u0000".repeat(100_000));
        shapes.put("no path", "GET  HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("path without slash", "GET _ping HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("asterisk", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("connect", "CONNECT docker:443 HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("method in small letters", "get /_ping HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("unknown method", "BREW /_ping HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("broken percent", "GET /containers/%zz/json HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("cut percent", "GET /containers/%4 HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("percent that is no UTF-8", "GET /containers/%ff%fe/json HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("semicolon in the query", "GET /containers/json?all=1;size=1 HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("long line", "GET /" + "a".repeat(1_000_000) + " HTTP/1.1\r\n" + host + "\r\n");
        shapes.put("endless line", "GET /" + "a".repeat(1_000_000));
        shapes.put("long header", "GET /_ping HTTP/1.1\r\nX: " + "a".repeat(1_000_000) + "\r\n\r\n");
        shapes.put("many headers", "GET /_ping HTTP/1.1\r\n" + "X: y\r\n".repeat(200_000) + "\r\n");
        shapes.put("header without colon", "GET /_ping HTTP/1.1\r\nnonsense\r\n\r\n");
        shapes.put("header without name", "GET /_ping HTTP/1.1\r\n: x\r\n\r\n");
        shapes.put("zero in a header", "GET /_ping HTTP/1.1\r\nX: a\u0000b\r\n\r\n");
        shapes.put("space before the colon", "GET /_ping HTTP/1.1\r\nHost : docker\r\n\r\n");
        shapes.put("body cut", create + "Content-Length: 100\r\n\r\n{\"Image\":");
        shapes.put("body missing", create + "Content-Length: 100\r\n\r\n");
        shapes.put("body missing after expect", create + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        shapes.put("body no JSON", create + "Content-Length: 5\r\n\r\n{\"a\":");
        shapes.put("body too deep", create + "Content-Length: 20000\r\n\r\n" + "[".repeat(20_000));
        shapes.put("body too large", create + "Content-Length: 20000000\r\n\r\n" + " ".repeat(20_000_000));
        shapes.put("length negative", create + "Content-Length: -1\r\n\r\n");
        shapes.put("length signed", create + "Content-Length: +2\r\n\r\n{}");
        shapes.put("length in hex", create + "Content-Length: 0x2\r\n\r\n{}");
        shapes.put("length with words", create + "Content-Length: 2 bytes\r\n\r\n{}");
        shapes.put("length beyond numbers", create + "Content-Length: 99999999999999999999\r\n\r\n{}");
        shapes.put("chunk size no number", create + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
        shapes.put("chunk size negative", create + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n");
        shapes.put(
                "chunk size too large",
                create + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n");
        shapes.put("chunk size endless", create + "Transfer-Encoding: chunked\r\n\r\n" + "0".repeat(1_000_000));
        shapes.put("chunk extension endless", create + "Transfer-Encoding: chunked\r\n\r\n2;" + "a".repeat(1_000_000));
        shapes.put("chunk longer than its size", create + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n");
        shapes.put("chunk cut", create + "Transfer-Encoding: chunked\r\n\r\n64\r\n{}");
        shapes.put("chunks without end", create + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n");
        shapes.put("trailers endless", create + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "X: y\r\n".repeat(200_000));
        return shapes.entrySet().stream().map(entry -> new Object[] {entry.getKey(), entry.getValue()});
    }

    /** Two readings of where a request ends; under the wrong one, a second request would reach the engine unseen. */
    @ParameterizedTest
    @MethodSource("smuggling")
    void requestWhenItHidesAnotherDoesNotSmuggleIt(String name, String head, String body) {
        String hidden = "DELETE /v1.41/containers/" + victim + "?force=1 HTTP/1.1\r\nHost: docker\r\n\r\n";
        String request = head + "\r\n" + body.replace("HIDDEN", hidden);
        Outcome outcome = gateway.send(latin(request), true, PATIENCE);
        assertThat(outcome.closed()).as(name + " hangs: " + outcome.text()).isTrue();
        // If it is read as a second request, then by the gateway, which does not know that container.
        assertThat(outcome.text()).as(name).doesNotContain("HTTP/1.1 204");
        assertThat(new Cli(other).docker("ps", "-q", "--no-trunc").ok())
                .as(name)
                .isEqualTo(victim);
    }

    static Stream<Object[]> smuggling() {
        List<Object[]> shapes = new ArrayList<>();
        // One that the gateway reads itself, and some whose body it relays to the engine.
        for (String target : List.of(
                "POST /containers/create",
                "POST /containers/mine/kill?signal=NOSUCH",
                "PUT /containers/mine/archive?path=/tmp",
                "POST /containers/mine/wait?condition=removed",
                "GET /_ping")) {
            String line = target + " HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n";
            String kind = target + ", ";
            shapes.add(new Object[] {
                kind + "both lengths", line + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "both lengths, other order",
                line + "Transfer-Encoding: chunked\r\nContent-Length: 400\r\n",
                "0\r\n\r\nHIDDEN"
            });
            shapes.add(
                    new Object[] {kind + "two lengths", line + "Content-Length: 0\r\nContent-Length: 400\r\n", "HIDDEN"
                    });
            shapes.add(new Object[] {kind + "list of lengths", line + "Content-Length: 0, 400\r\n", "HIDDEN"});
            shapes.add(new Object[] {kind + "no length", line, "HIDDEN"});
            for (String coding : List.of(
                    "Transfer-Encoding: xchunked",
                    "Transfer-Encoding: identity",
                    "Transfer-Encoding: chunked, identity",
                    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                    "Transfer-Encoding: gzip, chunked",
                    "Transfer-Encoding : chunked",
                    "Transfer-Encoding:\u000bchunked",
                    "Transfer-Encoding: \"chunked\"",
                    "X: y\r\n Transfer-Encoding: chunked",
                    "X: y\nTransfer-Encoding: chunked",
                    "Transfer\u0000-Encoding: chunked",
                    "Connection: Content-Length",
                    "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
                    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
                    "Upgrade: tcp\r\nConnection: Upgrade")) {
                shapes.add(new Object[] {kind + coding, line + coding + "\r\n", "0\r\n\r\nHIDDEN"});
                shapes.add(new Object[] {
                    kind + coding + " with a length", line + coding + "\r\nContent-Length: 5\r\n", "0\r\n\r\nHIDDEN"
                });
            }
            shapes.add(new Object[] {
                kind + "chunk extension", line + "Transfer-Encoding: chunked\r\n", "0;x=\"\r\n\r\nHIDDEN\"\r\n\r\n"
            });
            shapes.add(new Object[] {
                kind + "chunk ends with a bare line feed", line + "Transfer-Encoding: chunked\r\n", "0\n\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "trailer", line + "Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 0\r\n\r\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "old version",
                line.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\n",
                "0\r\n\r\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "line break in the path",
                line.replace(" HTTP/1.1", "%0d%0a%0d%0aDELETE%20/containers/" + victim + " HTTP/1.1"),
                ""
            });
        }
        return shapes.stream();
    }

    @Test
    void headWhenCutAnywhereIsClosed() {
        byte[] whole = latin("GET /v1.41/containers/json?all=1 HTTP/1.1\r\nHost: docker\r\nAccept: */*\r\n\r\n");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            Outcome outcome = gateway.send(cut, true, PATIENCE);
            assertThat(outcome.closed()).as("cut after %d bytes", length).isTrue();
            outcome.status().ifPresent(status -> assertThat(status).isBetween(400, 499));
        }
    }

    @Test
    void requestsWhenPipelinedAreAnsweredInOrder() {
        StringBuilder pipelined = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            pipelined.append("GET /containers/none-").append(i).append("/json HTTP/1.1\r\nHost: docker\r\n\r\n");
            pipelined.append("HEAD /_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
        }
        pipelined.append("GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
        Outcome outcome = gateway.send(latin(pipelined.toString()), false, PATIENCE);
        assertThat(outcome.closed()).isTrue();
        assertThat(outcome.answers()).isEqualTo(201);
        int from = 0;
        for (int i = 0; i < 100; i++) {
            from = outcome.text().indexOf("No such container: none-" + i + "\"", from);
            assertThat(from).as("answer " + i).isPositive();
        }
    }

    @Test
    void requestsWhenPipelinedBehindRubbishAreNotAnswered() {
        Outcome outcome = gateway.send(
                latin("GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n\u0000\u0001rubbish\r\n\r\n"
                        + "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"),
                true,
                PATIENCE);
        assertThat(outcome.closed()).isTrue();
        assertThat(outcome.answers()).as(outcome.text()).isLessThanOrEqualTo(2);
        assertThat(outcome.status()).contains(200);
    }

    @Test
    void requestsWhenFuzzedNeverHangAndNeverBreakTheSession() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        Map<Integer, Integer> statuses = new java.util.concurrent.ConcurrentHashMap<>();
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < FUZZED; i++) {
                int number = i;
                runs.add(clients.submit(() -> {
                    byte[] request = fuzzed(new Random(SEED + number));
                    Outcome outcome = gateway.send(request, true, PATIENCE);
                    String described = "seed " + (SEED + number) + ", request:\n"
                            + new String(request, StandardCharsets.ISO_8859_1) + "\nanswer:\n" + outcome.text();
                    assertThat(outcome.closed()).as("hangs, " + described).isTrue();
                    int status = outcome.status().orElse(0);
                    statuses.merge(status, 1, Integer::sum);
                    // 500 and 503 are the engine's own answers; 502 would be the gateway's embarrassment.
                    assertThat(status).as(described).isNotEqualTo(502);
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            clients.shutdownNow();
        }
        // Not all may be turned away at the door, or the test would show nothing.
        assertThat(statuses).containsKeys(200, 400, 404);
        assertThat(new Cli(other).docker("ps", "-q", "--no-trunc").ok()).isEqualTo(victim);
    }

    /** A request that a client might send, with a few bytes changed, cut, doubled, or mixed with another's. */
    private static byte[] fuzzed(Random random) {
        byte[] bytes = valid(random);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 1; i++) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(1 + random.nextInt(20), bytes.length - at);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            switch (random.nextInt(7)) {
                case 0 -> { // another byte
                    out.write(random.nextInt(256));
                    out.write(bytes, at + 1, bytes.length - at - 1);
                }
                case 1 -> // some cut out
                    out.write(bytes, at + length, bytes.length - at - length);
                case 2 -> { // some doubled
                    out.write(bytes, at, length);
                    out.write(bytes, at, bytes.length - at);
                }
                case 3 -> { // noise put in
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    out.writeBytes(noise);
                    out.write(bytes, at, bytes.length - at);
                }
                case 4 -> { // a word that matters
                    List<String> words = List.of(
                            "\r\n",
                            "\r\n\r\n",
                            "\n",
                            "%2f",
                            "..",
                            "//",
                            "\u0000",
                            ":",
                            "{",
                            "\"",
                            "chunked",
                            "-1",
                            "0",
                            ";",
                            "Content-Length: 7\r\n",
                            "Transfer-Encoding: chunked\r\n",
                            "Upgrade: tcp\r\n");
                    out.writeBytes(latin(words.get(random.nextInt(words.size()))));
                    out.write(bytes, at, bytes.length - at);
                }
                case 5 -> { // continued by another request's end
                    byte[] second = valid(random);
                    int from = random.nextInt(second.length);
                    out.write(second, from, second.length - from);
                }
                default -> {} // ends here
            }
            bytes = out.toByteArray();
        }
        return bytes;
    }

    private static byte[] valid(Random random) {
        String json = "{\"Image\":\"not-there\",\"Cmd\":[\"true\"],\"HostConfig\":{\"AutoRemove\":true}}";
        List<String> requests = List.of(
                "GET /_ping",
                "HEAD /_ping",
                "GET /version",
                "GET /v1.41/containers/json?all=1&filters=%7B%22name%22%3A%5B%22mine%22%5D%7D",
                "GET /v1.41/containers/mine/json",
                "GET /v1.41/containers/mine/logs?stdout=1&follow=1",
                "GET /v1.41/containers/mine/stats",
                "GET /v1.41/containers/mine/top",
                "GET /v1.41/containers/mine/archive?path=/etc/passwd",
                "GET /v1.41/networks",
                "GET /v1.41/volumes",
                "GET /v1.41/images/busybox/json",
                "GET /v1.41/events?since=1&until=2",
                "POST /v1.41/containers/mine/attach?logs=1&stdout=1&stderr=1",
                "POST /v1.41/containers/mine/wait",
                "POST /v1.41/containers/none/kill",
                "POST /v1.41/containers/create JSON",
                "POST /v1.41/containers/mine/exec {\"Cmd\":[\"true\"],\"AttachStdout\":true}",
                "POST /v1.41/networks/create {\"Name\":\"bad name\"}",
                "POST /v1.41/volumes/create CHUNKED",
                "DELETE /v1.41/containers/none?force=1");
        String[] words = requests.get(random.nextInt(requests.size())).split(" ", 3);
        StringBuilder request = new StringBuilder(words[0] + " " + words[1] + " HTTP/1.1\r\nHost: docker\r\n");
        request.append("User-Agent: fuzz\r\n");
        String body = words.length < 3 ? "" : words[2];
        if (body.equals("CHUNKED")) {
            request.append("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            request.append("2\r\n{}\r\n0\r\n\r\n");
        } else if (!body.isEmpty()) {
            String text = body.equals("JSON") ? json : body;
            request.append("Content-Type: application/json\r\nContent-Length: ").append(text.length());
            request.append("\r\n\r\n").append(text);
        } else if (random.nextInt(4) == 0 && words[0].equals("POST")) {
            request.append("Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        } else {
            request.append("\r\n");
        }
        return latin(request.toString());
    }

    private static void ping() {
        Outcome outcome = gateway.request("GET", "/_ping", Map.of(), "");
        assertThat(outcome.status()).as(outcome.text()).contains(200);
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

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
