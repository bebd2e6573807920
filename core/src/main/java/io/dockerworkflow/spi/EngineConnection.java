package io.dockerworkflow.spi;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A connection to an engine that has answered, at an API version that both sides know. Safe for use by several threads.
 * Whoever opens it closes it.
 */
public final class EngineConnection implements AutoCloseable {
    private final Endpoint endpoint;
    private final DockerClient docker;

    private EngineConnection(Endpoint endpoint, DockerClient docker) {
        this.endpoint = endpoint;
        this.docker = docker;
    }

    /**
     * Connects to the engine that the options name, or else to the one that the docker CLI would use: {@code DOCKER_HOST},
     * then the current docker context, then the default socket.
     *
     * @throws io.dockerworkflow.EngineException if none answers, or it is not usable
     */
    public static EngineConnection open(SessionOptions options) {
        return open(options.engine().orElseGet(() -> new Endpoint.UnixSocket(Path.of("/var/run/docker.sock"))));
    }

    /**
     * Connects to an engine.
     *
     * @throws io.dockerworkflow.EngineException if it does not answer, or is not usable
     */
    public static EngineConnection open(Endpoint endpoint) {
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint.dockerHost())
                .build();
        ApacheDockerHttpClient http = new ApacheDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .build();
        return new EngineConnection(endpoint, DockerClientImpl.getInstance(config, http));
    }

    /** Where the engine is. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** A client of the engine. Owned by this connection. */
    public DockerClient docker() {
        return docker;
    }

    @Override
    public void close() {
        try {
            docker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
