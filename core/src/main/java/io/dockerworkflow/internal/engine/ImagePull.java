package io.dockerworkflow.internal.engine;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.core.DockerClientConfig;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.http.RawHttp;
import io.dockerworkflow.internal.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * One pull of an image by an engine. On a connection of its own, whose end is the pull's: docker-java 3.7.1 cannot break off a
 * request that is not being answered yet, as that of a registry which does not answer the engine.
 */
final class ImagePull {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final int WORDS_LIMIT = 64 * 1024;

    private final Endpoint endpoint;
    private final String path;
    private final Optional<AuthConfig> credentials;

    /**
     * A pull that has not begun.
     *
     * @param api the API version to use
     * @param reference the image, with a tag or digest
     * @param credentials for its registry
     */
    ImagePull(Endpoint endpoint, String api, String reference, Optional<AuthConfig> credentials) {
        this.endpoint = endpoint;
        this.path = "/v" + api + "/images/create?fromImage=" + EngineApi.encoded(reference);
        this.credentials = credentials;
    }

    /**
     * Pulls.
     *
     * @param progress is told what happens, on another thread
     * @return the engine's words, if it failed
     * @throws InterruptedException if the thread is interrupted; the pull has been broken off
     */
    Optional<String> run(Consumer<String> progress) throws InterruptedException {
        try (RawConnection connection = RawConnection.open(endpoint, CONNECT_TIMEOUT)) {
            return BoundedCall.start("docker-workflow-pull", () -> exchange(connection, progress))
                    .await();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause() == null ? e : e.getCause()));
        } catch (IOException e) {
            if (Thread.interrupted()) {
                // Interrupted before: the channel was closed as soon as it was to be connected.
                throw new InterruptedException(e.getMessage());
            }
            return Optional.of(e.toString());
        }
    }

    private Optional<String> exchange(RawConnection connection, Consumer<String> progress) throws IOException {
        Map<String, String> headers = new TreeMap<>(Map.of("Connection", "close"));
        if (credentials.isPresent()) {
            byte[] json = DockerClientConfig.getDefaultObjectMapper().writeValueAsBytes(credentials.get());
            headers.put("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(json));
        }
        RawHttp.Response response = RawHttp.request(connection, "POST", path, headers, new byte[0]);
        if (response.status() != 200) {
            return Optional.of(Json.parse(response.body(WORDS_LIMIT)).text("message"));
        }
        Optional<String> failure = Optional.empty();
        BufferedReader lines = new BufferedReader(new InputStreamReader(response.stream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Json item = Json.parse(line.getBytes(StandardCharsets.UTF_8));
            Optional<String> error = item.at("error").text();
            if (error.isPresent()) {
                failure = error;
            } else if (item.at("progressDetail").at("current").text().isEmpty()) {
                // The others are the hundreds of lines of a single layer.
                String layer = item.at("id").text().map(id -> id + ": ").orElse("");
                item.at("status").text().ifPresent(status -> progress.accept(layer + status));
            }
        }
        return failure;
    }
}
