package io.dockerworkflow.spi;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.RestartPolicy;
import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.internal.removal.EngineObjects;
import io.dockerworkflow.internal.removal.RefusedException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine's objects as docker-java sees them. */
final class DockerJavaObjects implements EngineObjects {
    private static final String UNTAGGED = "<none>:<none>";

    private final DockerClient docker;

    DockerJavaObjects(DockerClient docker) {
        this.docker = docker;
    }

    @Override
    public List<Found> list(Kind kind, String label) {
        return asking(() -> switch (kind) {
            case CONTAINER ->
                docker.listContainersCmd().withShowAll(true).withLabelFilter(List.of(label)).exec().stream()
                        .map(DockerJavaObjects::container)
                        .toList();
            case NETWORK ->
                docker.listNetworksCmd().withFilter("label", List.of(label)).exec().stream()
                        .map(DockerJavaObjects::network)
                        .toList();
            case VOLUME ->
                orEmpty(docker.listVolumesCmd()
                                .withFilter("label", List.of(label))
                                .exec()
                                .getVolumes())
                        .map(DockerJavaObjects::volume)
                        .toList();
            case IMAGE ->
                docker.listImagesCmd().withLabelFilter(label).exec().stream()
                        .map(DockerJavaObjects::image)
                        .toList();
        });
    }

    @Override
    public void remove(Kind kind, String reference) {
        asking(() -> switch (kind) {
            case CONTAINER ->
                docker.removeContainerCmd(reference)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            case NETWORK -> docker.removeNetworkCmd(reference).exec();
            case VOLUME -> docker.removeVolumeCmd(reference).exec();
            case IMAGE -> docker.removeImageCmd(reference).exec();
        });
    }

    @Override
    public void release(Kind kind, String reference) {
        if (kind == Kind.CONTAINER) {
            asking(() -> docker.updateContainerCmd(reference)
                    .withRestartPolicy(RestartPolicy.noRestart())
                    .exec());
        } else if (kind == Kind.NETWORK) {
            Network network = asking(
                    () -> docker.inspectNetworkCmd().withNetworkId(reference).exec());
            for (String container : network.getContainers().keySet()) {
                asking(() -> docker.disconnectFromNetworkCmd()
                        .withNetworkId(reference)
                        .withContainerId(container)
                        .withForce(true)
                        .exec());
            }
        }
    }

    private static <T extends @Nullable Object> T asking(Supplier<T> call) {
        try {
            return call.get();
        } catch (DockerException e) {
            throw new RefusedException(e.getHttpStatus(), String.valueOf(e.getMessage()));
        }
    }

    private static Found container(Container container) {
        // A container's own name is the one without the name of another that links to it: /db, beside /web/db.
        String name = Arrays.stream(container.getNames())
                .min(Comparator.comparingLong(
                        each -> each.chars().filter(c -> c == '/').count()))
                .map(own -> own.substring(1))
                .orElse(container.getId());
        return new Found(new Child(Kind.CONTAINER, name), container.getId(), List.of());
    }

    private static Found network(Network network) {
        return new Found(new Child(Kind.NETWORK, network.getName()), network.getId(), List.of());
    }

    private static Found volume(InspectVolumeResponse volume) {
        return new Found(new Child(Kind.VOLUME, volume.getName()), volume.getName(), List.of());
    }

    private static Found image(Image image) {
        List<String> tags = image.getRepoTags() == null
                ? List.of()
                : Arrays.stream(image.getRepoTags())
                        .filter(tag -> !tag.equals(UNTAGGED))
                        .toList();
        return new Found(new Child(Kind.IMAGE, image.getId()), image.getId(), tags);
    }

    private static <T> Stream<T> orEmpty(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
