package io.dockerworkflow.internal.engine;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.http.PemCertificates;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.http.RawHttp;
import io.dockerworkflow.internal.http.UnusableCertificatesException;
import io.dockerworkflow.internal.json.Json;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The first exchange with an engine: is it one, and at which API version do we talk? Each failure has an answer of its own. */
final class EngineHandshake {
    private static final String CONNECT = "connect to the engine";
    private static final String AGREE = "agree on an API version with the engine";
    private static final int BODY_LIMIT = 1024 * 1024;

    private final Endpoint endpoint;
    private final String target;
    private final Duration timeout;

    private EngineHandshake(Endpoint endpoint, Duration timeout) {
        this.endpoint = endpoint;
        this.target = endpoint.dockerHost();
        this.timeout = timeout;
    }

    static EngineVersion with(Endpoint endpoint, Duration timeout) {
        return new EngineHandshake(endpoint, timeout).version();
    }

    private EngineVersion version() {
        if (endpoint instanceof Endpoint.Tcp tcp) {
            tcp.certificates().ifPresent(EngineHandshake::requireAll);
        }
        // On a thread of its own, because nothing else bounds a read from a Unix socket whose engine is stopped.
        BoundedCall<RawAnswer> exchange = BoundedCall.start("docker-workflow-handshake", this::exchange);
        try {
            return understood(exchange.await(timeout));
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (TimeoutException e) {
            throw error(
                    "it did not answer within " + timeout.toSeconds() + " s",
                    "See in the Docker daemon's log what it waits for, or restart it",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw error("the thread was interrupted", "Open a session on a thread that nobody interrupts", e);
        }
    }

    private RawAnswer exchange() throws IOException {
        try (RawConnection connection = RawConnection.open(endpoint, timeout)) {
            // Without a version prefix: the engine's own range is not known yet.
            RawHttp.Response response = RawHttp.request(connection, "GET", "/version", Map.of("Connection", "close"));
            return new RawAnswer(response.status(), new String(response.body(BODY_LIMIT), StandardCharsets.UTF_8));
        }
    }

    private EngineVersion understood(RawAnswer answer) {
        if (answer.status() != 200) {
            throw error(
                    "it answered " + answer.status() + " " + answer.words(),
                    plain()
                            ? "If it wants TLS, set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH"
                            : "Check that a Docker engine listens there, and that it lets GET /version through",
                    null);
        }
        try {
            ApiVersion newest = api(answer, "ApiVersion").orElseThrow(() -> new IOException(answer.words()));
            ApiVersion oldest = api(answer, "MinAPIVersion").orElse(newest);
            String engine = answer.text("Version").orElse("unknown");
            return new EngineVersion(
                    engine,
                    agreed(engine, oldest, newest).toString(),
                    oldest.toString(),
                    newest.toString(),
                    answer.text("Os").orElse("linux"),
                    answer.text("Arch").orElse("unknown"));
        } catch (IOException e) {
            throw notAnEngine(answer.words(), e);
        }
    }

    private ApiVersion agreed(String engine, ApiVersion oldest, ApiVersion newest) {
        ApiVersion ourOldest = ApiVersion.parse(EngineVersion.OLDEST_API).orElseThrow();
        ApiVersion ourNewest = ApiVersion.parse(EngineVersion.NEWEST_API).orElseThrow();
        if (newest.compareTo(ourOldest) < 0) {
            throw new EngineException(
                    AGREE,
                    target,
                    Optional.of("engine " + engine + " knows API versions up to " + newest),
                    "This library needs " + ourOldest + " or newer: use Docker 19.03 or newer",
                    null);
        }
        if (oldest.compareTo(ourNewest) > 0) {
            throw new EngineException(
                    AGREE,
                    target,
                    Optional.of("engine " + engine + " takes API versions from " + oldest + " on"),
                    "This library knows versions up to " + ourNewest
                            + ": use a newer docker-workflow, or start the daemon with DOCKER_MIN_API_VERSION="
                            + ourNewest,
                    null);
        }
        return newest.compareTo(ourNewest) < 0 ? newest : ourNewest;
    }

    private EngineException failed(@Nullable Throwable failure) {
        if (failure instanceof UnusableCertificatesException certificates) {
            return error(words(failure), certificates.told().remedy(), failure);
        }
        if (failure instanceof RawHttp.NotHttpException) {
            return notAnEngine(failure.getMessage(), failure);
        }
        if (failure instanceof SSLException) {
            return error(
                    words(failure),
                    "Check that the engine serves TLS there, that ca.pem is of the authority that signed its certificate,"
                            + " and that the certificate names this host",
                    failure);
        }
        if (failure instanceof UnknownHostException) {
            return error("unknown host", "Check the host name in DOCKER_HOST or in the docker context", failure);
        }
        return error(words(failure), remedy(), failure);
    }

    /** Judged by what the file system says, because the exceptions differ in their text only. */
    private String remedy() {
        if (!(endpoint instanceof Endpoint.UnixSocket unix)) {
            return "Start the Docker daemon there, or check host and port in DOCKER_HOST";
        }
        Path socket = unix.path();
        if (Files.notExists(socket)) {
            return "Start the Docker daemon, or set DOCKER_HOST to where it listens";
        }
        if (!Files.isWritable(socket)) {
            return "Let this user use the socket: add the user to the socket's group (usually \"docker\") and log in again,"
                    + " or use a rootless engine";
        }
        return "Start the Docker daemon again: nothing listens on the socket that it left";
    }

    private EngineException notAnEngine(@Nullable String said, Throwable cause) {
        String quoted = said == null
                ? ""
                : said.codePoints()
                        .limit(80)
                        .map(c -> Character.isISOControl(c) ? ' ' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
        return error(
                "what answered is not a Docker engine, it said \"" + quoted + "\"",
                plain()
                        ? "Set DOCKER_HOST to where a Docker engine listens; if this one wants TLS, set DOCKER_TLS_VERIFY=1"
                                + " and DOCKER_CERT_PATH"
                        : "Set DOCKER_HOST to where a Docker engine listens",
                cause);
    }

    private boolean plain() {
        return endpoint instanceof Endpoint.Tcp tcp && tcp.certificates().isEmpty();
    }

    private EngineException error(String words, String remedy, @Nullable Throwable cause) {
        return new EngineException(CONNECT, target, Optional.of(words), remedy, cause);
    }

    private static String words(@Nullable Throwable failure) {
        return failure == null || failure.getMessage() == null ? String.valueOf(failure) : failure.getMessage();
    }

    private static Optional<ApiVersion> api(RawAnswer answer, String field) throws IOException {
        return answer.text(field).flatMap(ApiVersion::parse);
    }

    private static void requireAll(Path certificates) {
        try {
            PemCertificates.requireAll(certificates);
        } catch (UnusableCertificatesException e) {
            throw e.told();
        }
    }

    private record RawAnswer(int status, String body) {
        String words() {
            return body.strip();
        }

        Optional<String> text(String field) throws IOException {
            return Json.textAt(body, field);
        }
    }
}
