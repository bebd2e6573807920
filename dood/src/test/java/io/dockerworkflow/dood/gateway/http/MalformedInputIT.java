package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.AttackedSession;
import io.dockerworkflow.dood.testsupport.RawClient.Outcome;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private static AttackedSession attacked;

    @BeforeAll
    static void open() {
        attacked = new AttackedSession();
    }

    @AfterAll
    static void close() {
        attacked.close();
    }

    @AfterEach
    void sessionGoesOn() {
        attacked.assertGoesOn();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void requestWhenMalformedIsAnswered4xxOrClosed(String name, String bytes) {
        Outcome outcome = attacked.send(bytes);
        assertThat(outcome.closed()).as(name + " hangs: " + outcome.text()).isTrue();
        outcome.status()
                .ifPresent(status -> assertThat(status).as(outcome.text()).isBetween(400, 499));
        assertThat(outcome.answers()).as(outcome.text()).isLessThanOrEqualTo(1);
    }

    /** A body that nobody wants, and that is there before the answer: nothing of it stays in memory. */
    @Test
    void requestWhenItsBodyIsNotReadIsNotKept() {
        String request = "POST " + attacked.version()
                + "/networks/prune HTTP/1.1\r\nHost: docker\r\nContent-Length: 60000\r\n\r\n" + " ".repeat(60_000);
        long before = 0;
        for (int i = 0; i < 1000; i++) {
            // By then the allocator of each event loop has what it needs.
            before = i == 500 ? directMemory() : before;
            Outcome outcome = attacked.send(request);
            assertThat(outcome.closed()).isTrue();
            assertThat(outcome.status()).isPresent();
        }
        assertThat(directMemory()).as("30 MB were sent").isLessThan(before + 10_000_000);
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
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

    @Test
    void headWhenCutAnywhereIsClosed() {
        String whole =
                "GET " + attacked.version() + "/containers/json?all=1 HTTP/1.1\r\nHost: docker\r\nAccept: */*\r\n\r\n";
        for (int length = 0; length < whole.length(); length++) {
            Outcome outcome = attacked.send(whole.substring(0, length));
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
        Outcome outcome = attacked.sendAndStay(pipelined.toString());
        assertThat(outcome.closed()).isTrue();
        assertThat(outcome.answers()).isEqualTo(201);
        int from = 0;
        for (int i = 0; i < 100; i++) {
            from = outcome.text().indexOf("No such container: none-" + i + "\"", from);
            assertThat(from).as("answer " + i).isPositive();
        }
    }

    /** A client need not connect anew after each. */
    @Test
    void requestsWhenRefusedAtOnceLeaveTheConnectionOpen() {
        Outcome outcome = attacked.sendAndStay("GET /services HTTP/1.1\r\nHost: docker\r\n\r\n"
                + "GET /v1.99/info HTTP/1.1\r\nHost: docker\r\n\r\n"
                + "POST /nothing HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n"
                + "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
        assertThat(outcome.answers()).as(outcome.text()).isEqualTo(4);
        assertThat(outcome.text()).containsSubsequence(" 503 ", " 400 ", " 404 ", " 200 OK");
        assertThat(outcome.closed()).isTrue();
    }

    @Test
    void requestsWhenPipelinedBehindRubbishAreNotAnswered() {
        Outcome outcome = attacked.send("GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n\u0000\u0001rubbish\r\n\r\n"
                + "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
        assertThat(outcome.closed()).isTrue();
        assertThat(outcome.answers()).as(outcome.text()).isLessThanOrEqualTo(2);
        assertThat(outcome.status()).contains(200);
    }
}
