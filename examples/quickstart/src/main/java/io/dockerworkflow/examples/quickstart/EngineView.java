package io.dockerworkflow.examples.quickstart;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.Version;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engine as it is, past every session. */
final class EngineView implements AutoCloseable {
    private final EngineConnection engine;

    private EngineView(EngineConnection engine) {
        this.engine = engine;
    }

    static EngineView open() {
        return new EngineView(EngineConnection.open(SessionOptions.defaults()));
    }

    String description() {
        Version version = engine.docker().versionCmd().exec();
        return "Docker " + version.getVersion() + " at " + engine.endpoint().dockerHost();
    }

    Holdings holdings() {
        DockerClient docker = engine.docker();
        return new Holdings(
                names(docker.listContainersCmd().withShowAll(true).exec().stream()
                        .map(EngineView::name)),
                names(docker.listNetworksCmd().exec().stream().map(Network::getName)),
                names(Objects.requireNonNull(docker.listVolumesCmd().exec().getVolumes()).stream()
                        .map(volume -> volume.getName())));
    }

    /** How many containers, networks and volumes of that session there are. */
    int childrenOf(SessionId session) {
        DockerClient docker = engine.docker();
        String label = Labels.SESSION + "=" + session;
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
    public void close() {
        engine.close();
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
