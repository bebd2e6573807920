package io.dockerworkflow.dood.differential;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.http.RawHttp;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the two that are compared: sends calls, remembers the ids that it was given. */
final class Side {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REFERENCE = Pattern.compile("\\{(id|short):([^}]*)}");
    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final Pattern ON_CONTAINER = Pattern.compile("(/containers/[^/]+)/[a-z]+(\\?.*)?");
    private static final Pattern STARTS = Pattern.compile("(/containers/[^/]+)/(start|restart.*)");
    private static final Pattern EXEC_START = Pattern.compile("(/exec/[^/]+)/start");
    private static final int LIMIT = 16 * 1024 * 1024;

    private final Endpoint endpoint;
    private final String version;
    private final Normaliser normaliser = new Normaliser();
    private final Map<String, String> ids = new HashMap<>();

    /**
     * @param version the API's, as "1.41"
     */
    Side(Endpoint endpoint, String version) {
        this.endpoint = endpoint;
        this.version = version;
    }

    /** A connection for each call: neither side may be able to hide behind the state of another. */
    Answer send(Call call) throws IOException {
        if (call.needs().isPresent() && !exists("/containers/" + call.needs().get() + "/json")) {
            return Answer.LEFT_OUT;
        }
        Matcher start = STARTS.matcher(call.path());
        if (start.matches() && missesOneOfSeveralNetworks(start.group(1))) {
            return Answer.LEFT_OUT;
        }
        Exchange exchange;
        try {
            exchange = exchange(call);
        } catch (EOFException e) {
            return Answer.NONE;
        }
        if (exchange.status() < 300) {
            call.creates().ifPresent(name -> remember(name, exchange.text()));
        }
        if (call.method().equals("POST") && exchange.status() < 400) {
            settle(call.path());
        }
        return new Answer(exchange.status(), exchange.contentType(), normaliser.body(call.path(), exchange.text()));
    }

    private boolean exists(String path) throws IOException {
        return exchange(Call.get(path)).status() == 200;
    }

    /** The engine joins a container's networks in an order of its own, and stops at the first that it misses. */
    private boolean missesOneOfSeveralNetworks(String container) throws IOException {
        JsonNode networks = JSON.readTree(
                        exchange(Call.get(container + "/json")).text())
                .path("NetworkSettings")
                .path("Networks");
        if (networks.size() < 2) {
            return false;
        }
        for (Map.Entry<String, JsonNode> network : networks.properties()) {
            if (!exists("/networks/" + network.getKey())) {
                return true;
            }
        }
        return false;
    }

    /**
     * What a call sets going has come to its end before the next call, on both sides: a container that ends by itself has ended,
     * a command that was started in one too, and the engine has written down what became of the container.
     */
    private void settle(String path) throws IOException {
        Matcher started = EXEC_START.matcher(path);
        if (started.matches()) {
            Call look = Call.get(started.group(1) + "/json");
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !exchange(look).text().contains("\"Running\":true"));
        }
        Matcher container = ON_CONTAINER.matcher(path);
        if (container.matches()) {
            // The engine lists containers as they were last written down; an inspection waits for who does that.
            Exchange inspected = exchange(Call.get(container.group(1) + "/json"));
            if (inspected.text().contains("echo out") && inspected.text().contains("\"Status\":\"running\"")) {
                exchange(Call.post(container.group(1) + "/wait"));
                exchange(Call.get(container.group(1) + "/json"));
            }
        }
    }

    private record Exchange(int status, String contentType, String text) {}

    private Exchange exchange(Call call) throws IOException {
        String path = "/v" + version + resolved(call.path());
        byte[] body = call.body().map(this::resolved).orElse("").getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = Map.of("Connection", "close", "Content-Type", "application/json");
        try (RawConnection connection = RawConnection.open(endpoint, Duration.ofSeconds(10))) {
            RawHttp.Response response = body.length == 0
                    ? RawHttp.request(connection, call.method(), path, headers)
                    : RawHttp.request(connection, call.method(), path, headers, body);
            boolean bodiless = call.method().equals("HEAD");
            return new Exchange(
                    response.status(),
                    response.headers().getOrDefault("Content-Type", "-"),
                    bodiless ? "" : new String(response.body(LIMIT), StandardCharsets.UTF_8));
        }
    }

    private String resolved(String text) {
        return REFERENCE.matcher(text).replaceAll(this::idFor);
    }

    private String idFor(MatchResult reference) {
        String id = ids.getOrDefault(reference.group(2), UNKNOWN);
        return reference.group(1).equals("short") ? id.substring(0, 12) : id;
    }

    private void remember(String name, String body) {
        try {
            JsonNode id = JSON.readTree(body).path("Id");
            if (id.isTextual()) {
                ids.put(name, id.textValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException("The answer to a create is not JSON: " + body, e);
        }
    }
}
