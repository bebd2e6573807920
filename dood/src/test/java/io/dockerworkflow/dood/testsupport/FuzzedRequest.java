package io.dockerworkflow.dood.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.StringArbitrary;

/**
 * A request that a client might send, with some bytes changed, cut, doubled, or mixed with another's.
 *
 * @param latin its bytes, a char for each
 */
public record FuzzedRequest(String latin) {
    private static final List<String> WITHOUT_BODY = List.of(
            "GET /_ping",
            "HEAD /_ping",
            "GET /version",
            "GET $V/containers/json?all=1&filters=%7B%22name%22%3A%5B%22mine%22%5D%7D",
            "GET $V/containers/mine/json",
            "GET $V/containers/mine/logs?stdout=1&follow=1",
            "GET $V/containers/mine/stats",
            "GET $V/containers/mine/top",
            "GET $V/containers/mine/archive?path=/etc/passwd",
            "GET $V/networks",
            "GET $V/volumes",
            "GET $V/images/busybox/json",
            "GET $V/events?since=1&until=2",
            "POST $V/containers/mine/attach?logs=1&stdout=1&stderr=1",
            "POST $V/containers/mine/wait",
            "POST $V/containers/none/kill",
            "DELETE $V/containers/none?force=1");
    private static final List<String> WORDS = List.of(
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

    /** Any, with one to four changes; it shrinks to fewer and smaller ones. */
    public static Arbitrary<FuzzedRequest> any(String version) {
        Arbitrary<String> valid = Arbitraries.of(valid(version));
        return Combinators.combine(
                        valid,
                        change(valid)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .withSizeDistribution(RandomDistribution.biased()))
                .as((request, changes) -> {
                    String changed = request;
                    for (UnaryOperator<String> change : changes) {
                        changed = change.apply(changed);
                    }
                    return new FuzzedRequest(changed);
                });
    }

    private static List<String> valid(String version) {
        List<String> requests = new ArrayList<>();
        for (String line : WITHOUT_BODY) {
            requests.add(request(line, "\r\n"));
            if (line.startsWith("POST")) {
                requests.add(request(line, "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"));
            }
        }
        requests.add(withBody("containers/create", "{\"Image\":\"not-there\",\"HostConfig\":{\"AutoRemove\":true}}"));
        requests.add(withBody("containers/mine/exec", "{\"Cmd\":[\"true\"],\"AttachStdout\":true}"));
        requests.add(withBody("networks/create", "{\"Name\":\"bad name\"}"));
        requests.add(request(
                "POST $V/volumes/create",
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"));
        return requests.stream().map(text -> text.replace("$V", version)).toList();
    }

    private static String withBody(String path, String body) {
        return request(
                "POST $V/" + path,
                "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String request(String line, String rest) {
        return line + " HTTP/1.1\r\nHost: docker\r\nUser-Agent: fuzz\r\n" + rest;
    }

    /** A change works on the two parts into which it splits a request. */
    private static Arbitrary<UnaryOperator<String>> change(Arbitrary<String> valid) {
        Arbitrary<Integer> length = Arbitraries.integers().between(1, 20);
        StringArbitrary noise = Arbitraries.strings().withCharRange('\u0000', '\u00ff');
        Arbitrary<String> ends =
                Combinators.combine(valid, perMille()).as((other, perMille) -> from(place(other, perMille), other));
        // What cuts a request short is rarer: more would be turned away for their head alone.
        Arbitrary<BinaryOperator<String>> changes = Arbitraries.<BinaryOperator<String>>frequencyOf(
                Tuple.of(1, Arbitraries.just((head, tail) -> head)),
                Tuple.of(1, ends.map(end -> (head, tail) -> head + end)),
                Tuple.of(4, Arbitraries.of(WORDS).map(word -> (head, tail) -> head + word + tail)),
                Tuple.of(4, length.map(cut -> (head, tail) -> head + from(cut, tail))),
                Tuple.of(4, length.map(doubled -> (head, tail) -> head + to(doubled, tail) + tail)),
                Tuple.of(4, noise.ofLength(1).map(other -> (head, tail) -> head + other + from(1, tail))),
                Tuple.of(2, noise.ofMinLength(1).ofMaxLength(20).map(put -> (head, tail) -> head + put + tail)));
        return Combinators.combine(changes, perMille()).as((change, perMille) -> request -> {
            int at = place(request, perMille);
            return change.apply(request.substring(0, at), request.substring(at));
        });
    }

    private static Arbitrary<Integer> perMille() {
        return Arbitraries.integers().between(0, 999).withDistribution(RandomDistribution.uniform());
    }

    private static int place(String request, int perMille) {
        return request.length() * perMille / 1_000;
    }

    private static String from(int index, String text) {
        return text.substring(Math.min(index, text.length()));
    }

    private static String to(int index, String text) {
        return text.substring(0, Math.min(index, text.length()));
    }

    /** Of control and other characters that a terminal does not show, the escape of Java. */
    @Override
    public String toString() {
        StringBuilder shown = new StringBuilder("\"");
        latin.chars().forEach(c -> {
            switch (c) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n");
                case '"', '\\' -> shown.append('\\').append((char) c);
                default -> shown.append(c >= ' ' && c <= '~' ? String.valueOf((char) c) : "\\u%04x".formatted(c));
            }
        });
        return shown.append('"').toString();
    }
}
