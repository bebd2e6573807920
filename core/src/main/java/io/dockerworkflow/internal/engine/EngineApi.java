package io.dockerworkflow.internal.engine;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.http.RawHttp;
import io.dockerworkflow.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests to an engine, each on a connection of its own. An engine that does not answer within a minute counts as one that
 * does not answer at all; an interrupt of its thread ends a request, too. Safe for use by several threads.
 */
public final class EngineApi {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);
    private static final int BODY_LIMIT = 64 * 1024 * 1024;

    private final Endpoint endpoint;
    private final String version;
    private final Duration limit;

    /**
     * Requests to that engine.
     *
     * @param endpoint where it is
     * @param version the API version to use, as "1.41"
     */
    public EngineApi(Endpoint endpoint, String version) {
        this(endpoint, version, ANSWER_LIMIT);
    }

    /** The same, with another limit for each answer. */
    EngineApi(Endpoint endpoint, String version, Duration limit) {
        this.endpoint = endpoint;
        this.version = version;
        this.limit = limit;
    }

    /** The same engine, for requests whose answers may take that much longer. */
    public EngineApi patient(Duration more) {
        return new EngineApi(endpoint, version, limit.plus(more));
    }

    /** The same engine, for requests that are answered when something has happened, whenever that is. */
    public EngineApi unlimited() {
        return new EngineApi(endpoint, version, FOREVER);
    }

    /** The same engine, for what it no longer tells clients of newer API versions than that. */
    public EngineApi asOf(ApiVersion newest) {
        boolean newer = ApiVersion.parse(version)
                .filter(agreed -> agreed.compareTo(newest) > 0)
                .isPresent();
        return newer ? new EngineApi(endpoint, newest.toString(), limit) : this;
    }

    /** Where the engine is. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** The API version in use. */
    public String version() {
        return version;
    }

    /**
     * Gets a JSON document.
     *
     * @throws RefusedException if the engine answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    public Json get(String path) {
        return exchange("GET", path, "application/json", new byte[0]);
    }

    /**
     * Gets a document that is not JSON, up to 64 MiB of it.
     *
     * @throws RefusedException if the engine answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    public byte[] getBytes(String path) {
        return exchange("GET", path, "application/json", new byte[0], answer -> answer);
    }

    /**
     * Posts a JSON document.
     *
     * @throws RefusedException if the engine answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    public Json post(String path, Object body) {
        return exchange("POST", path, "application/json", Json.write(body).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Posts a tar archive, and waits until the engine has dealt with it.
     *
     * @throws RefusedException if the engine answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    public void postTar(String path, byte[] tar) {
        exchange("POST", path, "application/x-tar", tar);
    }

    /**
     * Puts a tar archive.
     *
     * @throws RefusedException if the engine answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    public void putTar(String path, byte[] tar) {
        exchange("PUT", path, "application/x-tar", tar);
    }

    /**
     * Deletes something.
     *
     * @throws RefusedException if the engine answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    public void delete(String path) {
        exchange("DELETE", path, "application/json", new byte[0]);
    }

    /**
     * Posts a request after whose answer the connection is a stream to and from a container. You own it: close it.
     *
     * @throws RefusedException if the engine answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    public RawConnection upgrade(String path) {
        RawConnection connection = null;
        try {
            connection = RawConnection.open(endpoint, CONNECT_TIMEOUT);
            RawConnection stream = connection;
            return within(connection, () -> {
                RawHttp.Response response = RawHttp.request(
                        stream,
                        "POST",
                        "/v" + version + path,
                        Map.of("Connection", "Upgrade", "Upgrade", "tcp", "Content-Length", "0"));
                if (response.status() >= 300) {
                    throw refused(response);
                }
                return stream;
            });
        } catch (IOException e) {
            closeAfter(connection, e);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            closeAfter(connection, e);
            throw e;
        }
    }

    /** A value in a path or query. */
    public static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** An image's name in a path. A slash separates repositories' names, and the engine does not take it encoded. */
    public static String encodedImage(String reference) {
        return encoded(reference).replace("%2F", "/").replace("%3A", ":");
    }

    private Json exchange(String method, String path, String contentType, byte[] body) {
        return exchange(method, path, contentType, body, Json::parse);
    }

    private <T> T exchange(String method, String path, String contentType, byte[] body, Reading<T> reading) {
        try (RawConnection connection = RawConnection.open(endpoint, CONNECT_TIMEOUT)) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Connection", "close");
            headers.put("Content-Type", contentType);
            return within(connection, () -> {
                RawHttp.Response response = RawHttp.request(connection, method, "/v" + version + path, headers, body);
                if (response.status() >= 300) {
                    throw refused(response);
                }
                byte[] answer = response.status() == 204 ? new byte[0] : response.body(BODY_LIMIT);
                return reading.of(answer);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Reading<T> {
        T of(byte[] answer) throws IOException;
    }

    private <T> T within(RawConnection connection, BoundedCall.Exchange<T> exchange) throws IOException {
        return limit.equals(FOREVER) ? exchange.run() : BoundedCall.within(limit, connection, exchange);
    }

    private static RefusedException refused(RawHttp.Response response) throws IOException {
        byte[] body = response.body(64 * 1024);
        String message;
        try {
            message = Json.parse(body).text("message");
        } catch (IOException e) {
            message = new String(body, StandardCharsets.UTF_8).strip();
        }
        return new RefusedException(response.status(), message);
    }

    private static void closeAfter(@Nullable RawConnection connection, Exception failure) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
