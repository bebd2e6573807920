package io.dockerworkflow.internal.engine;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an engine that has answered, at an API version that both sides know. Safe for use by several threads.
 * Whoever opens it closes it.
 */
public final class EngineConnection implements AutoCloseable {
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    private final Endpoint endpoint;
    private final EngineVersion version;
    private final Optional<Path> configDirectory;
    private final Object lock = new Object();
    private @Nullable DockerClient docker;
    private boolean closed;

    private EngineConnection(Endpoint endpoint, EngineVersion version, Optional<Path> configDirectory) {
        this.endpoint = endpoint;
        this.version = version;
        this.configDirectory = configDirectory;
    }

    /**
     * Connects to the engine that the options name, or else to the one that the docker CLI would use: {@code DOCKER_HOST},
     * then the current docker context, then the default socket (where that is absent, a rootless engine's in
     * {@code XDG_RUNTIME_DIR}). All of it is read from {@link SessionOptions#environment()}, never from the process.
     *
     * @throws EngineException if none answers, or it is not usable
     */
    public static EngineConnection open(SessionOptions options) {
        return options.engine()
                .map(endpoint -> open(endpoint, options.environment()))
                .orElseGet(() -> open(new EngineLocator(options.environment()).locate(), options.environment()));
    }

    /**
     * Connects to an engine, with no credentials for registries.
     *
     * @throws EngineException if it does not answer, or is not usable
     */
    public static EngineConnection open(Endpoint endpoint) {
        return open(endpoint, Map.of());
    }

    /**
     * Connects to an engine.
     *
     * @param endpoint where it is
     * @param environment says where the docker CLI's configuration is, which holds the credentials for registries:
     *     {@code DOCKER_CONFIG}, or {@code HOME}
     * @throws EngineException if it does not answer, or is not usable
     */
    public static EngineConnection open(Endpoint endpoint, Map<String, String> environment) {
        return open(endpoint, environment, HANDSHAKE_TIMEOUT);
    }

    static EngineConnection open(Endpoint endpoint, Map<String, String> environment, Duration timeout) {
        EngineVersion version = EngineHandshake.with(endpoint, timeout);
        return new EngineConnection(endpoint, version, new EngineLocator(environment).configDirectory());
    }

    /**
     * Connects to the same engine by another way, which is known to answer as the engine does: nothing is asked.
     *
     * @param other where it listens
     */
    public EngineConnection through(Endpoint other) {
        return new EngineConnection(other, version, configDirectory);
    }

    /** Where the engine is. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** What the engine says of itself, and the API version that is used with it. */
    public EngineVersion version() {
        return version;
    }

    /** For the library's own requests, which do not wait for docker-java to be loaded. */
    public EngineApi api() {
        return new EngineApi(endpoint, version.api());
    }

    /**
     * A client of the engine, made for the first who asks. Owned by this connection: of no use when it is closed.
     *
     * @throws EngineException if the connection is closed, or the docker CLI's configuration, or a certificate, cannot be read
     */
    public DockerClient docker() {
        synchronized (lock) {
            if (closed) {
                throw unusable("it is closed", null);
            }
            DockerClient known = docker;
            if (known == null) {
                known = DockerJava.client(endpoint, version, configDirectory);
                docker = known;
            }
            return known;
        }
    }

    /** Closes the connection and its client. Idempotent. */
    @Override
    public void close() {
        DockerClient client;
        synchronized (lock) {
            closed = true;
            client = docker;
            docker = null;
        }
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                throw unusable(e.toString(), e);
            }
        }
    }

    private EngineException unusable(String words, @Nullable Throwable cause) {
        return new EngineException(
                "use the connection to the engine",
                endpoint.dockerHost(),
                Optional.of(words),
                "Open another connection",
                cause);
    }
}
