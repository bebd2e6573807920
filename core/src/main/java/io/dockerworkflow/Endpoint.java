package io.dockerworkflow;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The address that a Docker client connects to: that of an engine, or of a session. Immutable. */
public sealed interface Endpoint {

    /** The value for {@code DOCKER_HOST}. */
    String dockerHost();

    /**
     * The environment variables that direct a Docker client here. Other variables, such as {@code DOCKER_CONTEXT}, may still
     * direct it elsewhere and must be removed; {@link DockerSession#configure(ProcessBuilder)} does both.
     */
    Map<String, String> environment();

    /**
     * A Unix socket on this machine.
     *
     * @param path the socket's absolute path
     */
    record UnixSocket(Path path) implements Endpoint {
        @Override
        public String dockerHost() {
            return "unix://" + path;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of("DOCKER_HOST", dockerHost());
        }
    }

    /**
     * A TCP port, in plain text or with TLS.
     *
     * @param host a host name or address
     * @param port a port
     * @param certificates the directory that holds {@code ca.pem}, {@code cert.pem} and {@code key.pem}; empty for plain text
     */
    record Tcp(String host, int port, Optional<Path> certificates) implements Endpoint {
        @Override
        public String dockerHost() {
            return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }

        @Override
        public Map<String, String> environment() {
            Map<String, String> variables = new LinkedHashMap<>();
            variables.put("DOCKER_HOST", dockerHost());
            certificates.ifPresent(directory -> {
                variables.put("DOCKER_TLS_VERIFY", "1");
                variables.put("DOCKER_CERT_PATH", directory.toString());
            });
            return Map.copyOf(variables);
        }
    }
}
