package io.dockerworkflow.internal.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.DockerConfigFile;
import com.github.dockerjava.core.NameParser;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.core.SSLConfig;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.http.PemCertificates;
import io.dockerworkflow.internal.http.UnusableCertificatesException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes docker-java clients of explicit settings. docker-java's own configuration would take what is not set from the
 * process's environment, its system properties and files in the user's home.
 */
@SuppressWarnings("deprecation") // docker-java's configuration still asks for the older of its two SSLConfigs
final class DockerJava {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private DockerJava() {}

    static DockerClient client(Endpoint endpoint, EngineVersion version, Optional<Path> configDirectory) {
        Config config = new Config(
                uri(endpoint), RemoteApiVersion.parseConfig(version.api()), tls(endpoint), registries(configDirectory));
        ApacheDockerHttpClient http = new ApacheDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .maxConnections(Integer.MAX_VALUE)
                .connectionTimeout(CONNECT_TIMEOUT)
                .build();
        return DockerClientImpl.getInstance(config, http);
    }

    private static URI uri(Endpoint endpoint) {
        return endpoint instanceof Endpoint.UnixSocket unix
                ? URI.create("unix://" + unix.path().toUri().getRawPath())
                : URI.create(endpoint.dockerHost());
    }

    private static @Nullable SSLConfig tls(Endpoint endpoint) {
        if (!(endpoint instanceof Endpoint.Tcp tcp)) {
            SSLContext unused = new UnusedTls();
            return () -> unused;
        }
        if (tcp.certificates().isEmpty()) {
            // With any, docker-java would speak TLS.
            return null;
        }
        Path directory = tcp.certificates().get();
        try {
            SSLContext context = PemCertificates.read(directory).context();
            return () -> context;
        } catch (UnusableCertificatesException e) {
            throw e.told();
        }
    }

    private static DockerConfigFile registries(Optional<Path> configDirectory) {
        Optional<Path> directory = configDirectory.filter(path -> Files.isReadable(path.resolve("config.json")));
        if (directory.isEmpty()) {
            return new DockerConfigFile();
        }
        try {
            return DockerConfigFile.loadConfig(
                    DockerClientConfig.getDefaultObjectMapper(), directory.get().toString());
        } catch (IOException e) {
            throw new EngineException(
                    "read the registries' credentials",
                    directory.get().resolve("config.json").toString(),
                    Optional.of("it is not a configuration of the docker CLI"),
                    "Repair the file",
                    e);
        }
    }

    /** Nothing in it comes from anywhere but its arguments. */
    private record Config(
            URI dockerHost,
            RemoteApiVersion apiVersion,
            @Nullable SSLConfig tls,
            DockerConfigFile registries) implements DockerClientConfig {
        @Override
        public URI getDockerHost() {
            return dockerHost;
        }

        @Override
        public RemoteApiVersion getApiVersion() {
            return apiVersion;
        }

        @Override
        public @Nullable String getRegistryUsername() {
            return null;
        }

        @Override
        public @Nullable String getRegistryPassword() {
            return null;
        }

        @Override
        public @Nullable String getRegistryEmail() {
            return null;
        }

        @Override
        public String getRegistryUrl() {
            return AuthConfig.DEFAULT_SERVER_ADDRESS;
        }

        @Override
        public @Nullable AuthConfig effectiveAuthConfig(String imageName) {
            String repository = NameParser.parseRepositoryTag(imageName).repos;
            return registries.resolveAuthConfig(NameParser.resolveRepositoryName(repository).hostname);
        }

        @Override
        public AuthConfigurations getAuthConfigurations() {
            return registries.getAuthConfigurations();
        }

        @Override
        public @Nullable SSLConfig getSSLConfig() {
            return tls;
        }

        @Override
        public ObjectMapper getObjectMapper() {
            return DockerClientConfig.getDefaultObjectMapper();
        }

        /** Without the credentials, which the record's own would show. */
        @Override
        public String toString() {
            return dockerHost + " " + apiVersion;
        }
    }
}
