package io.dockerworkflow.examples.quickstart;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.dockerworkflow.SessionId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engine as it is, past every session. */
final class EngineView implements AutoCloseable {
    /** The label that every child of a session carries, with the session's id. See docs/architecture.md, "Names". */
    private static final String SESSION_LABEL = "io.dockerworkflow.session";

    private static final URI DEFAULT_SOCKET = URI.create("unix:///var/run/docker.sock");

    private final DockerClient docker;
    private final URI endpoint;

    private EngineView(DockerClientConfig config) {
        this.endpoint = config.getDockerHost();
        this.docker = DockerClientImpl.getInstance(
                config,
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(endpoint)
                        .sslConfig(config.getSSLConfig())
                        .build());
    }

    /** Finds the engine as the docker CLI does: {@code DOCKER_HOST}, the docker context, the default socket. */
    static EngineView open() {
        DefaultDockerClientConfig.Builder builder = DefaultDockerClientConfig.createDefaultConfigBuilder();
        DockerClientConfig config = builder.build();
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (config.getDockerHost().equals(DEFAULT_SOCKET) && runtime != null && !runtime.isEmpty()) {
            // As a session does: without a default socket there may be a rootless engine.
            Path rootless = Path.of(runtime, "docker.sock");
            if (Files.notExists(Path.of(DEFAULT_SOCKET.getPath())) && Files.exists(rootless)) {
                return new EngineView(
                        builder.withDockerHost("unix://" + rootless).build());
            }
        }
        return new EngineView(config);
    }

    String description() {
        Version version = docker.versionCmd().exec();
        return "Docker " + version.getVersion() + " at " + endpoint;
    }

    Holdings holdings() {
        return new Holdings(
                names(docker.listContainersCmd().withShowAll(true).exec().stream()
                        .map(EngineView::name)),
                names(docker.listNetworksCmd().exec().stream().map(Network::getName)),
                names(Objects.requireNonNull(docker.listVolumesCmd().exec().getVolumes()).stream()
                        .map(volume -> volume.getName())));
    }

    /** How many containers, networks and volumes of that session there are. */
    int childrenOf(SessionId session) {
        String label = SESSION_LABEL + "=" + session;
        return docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(label))
                        .exec()
                        .size()
                + docker.listNetworksCmd()
                        .withFilter("label", List.of(label))
                        .exec()
                        .size()
                + Objects.requireNonNull(docker.listVolumesCmd()
                                .withFilter("label", List.of(label))
                                .exec()
                                .getVolumes())
                        .size();
    }

    private static String name(Container container) {
        return Arrays.stream(container.getNames()).findFirst().orElse(container.getId());
    }

    private static Set<String> names(Stream<String> names) {
        return names.collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() throws IOException {
        docker.close();
    }

    /**
     * What an engine holds, by name.
     *
     * @param containers running or not
     * @param networks with the predefined ones
     * @param volumes named or not
     */
    record Holdings(Set<String> containers, Set<String> networks, Set<String> volumes) {
        /** The three counts. */
        String counts() {
            return containers.size() + " containers, " + networks.size() + " networks, " + volumes.size() + " volumes";
        }
    }
}
