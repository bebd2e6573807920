package io.dockerworkflow.spi;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
    private final FutureTask<DockerClient> docker;

    private EngineConnection(Endpoint endpoint, EngineVersion version, Optional<Path> configDirectory) {
        this.endpoint = endpoint;
        this.version = version;
        this.configDirectory = configDirectory;
        this.docker = new FutureTask<>(() -> DockerJava.client(endpoint, version, configDirectory));
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
        EngineConnection connection =
                new EngineConnection(endpoint, version, new EngineLocator(environment).configDirectory());
        connection.load();
        return connection;
    }

    /**
     * Connects to the same engine by another way, which is known to answer as the engine does: nothing is asked.
     *
     * @param other where it listens
     */
    public EngineConnection through(Endpoint other) {
        EngineConnection connection = new EngineConnection(other, version, configDirectory);
        connection.load();
        return connection;
    }

    /** Loading docker-java takes a cold JVM a while; meanwhile the caller prepares what needs no client. */
    private void load() {
        Thread loader = new Thread(docker, "docker-workflow-client");
        loader.setDaemon(true);
        loader.start();
    }

    /** Where the engine is. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** What the engine says of itself, and the API version that is used with it. */
    public EngineVersion version() {
        return version;
    }

    /**
     * A client of the engine. Owned by this connection: of no use when it is closed.
     *
     * @throws EngineException if the docker CLI's configuration, or a certificate, cannot be read
     */
    public DockerClient docker() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return docker.get();
                } catch (InterruptedException e) {
                    // The wait is short, and its end certain; who interrupts still wants, say, a teardown to happen.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof EngineException known ? known : unusable(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes the connection and its client. Idempotent. */
    @Override
    public void close() {
        DockerClient client;
        try {
            client = docker();
        } catch (EngineException e) {
            return; // there has never been a client; whoever wanted one was told so
        }
        try {
            client.close();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private EngineException unusable(@Nullable Throwable cause) {
        return new EngineException(
                "use the connection to the engine",
                endpoint.dockerHost(),
                Optional.of(String.valueOf(cause)),
                "Open another connection",
                cause);
    }
}
