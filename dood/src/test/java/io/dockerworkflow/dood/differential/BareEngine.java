package io.dockerworkflow.dood.differential;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dind.DindWorkflow;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** An engine that holds nothing but busybox: a daemon of its own, so that what others do on this machine is out of sight. */
final class BareEngine implements AutoCloseable {
    private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none");

    private final DockerSession daemon;

    BareEngine(SessionOptions outer) {
        daemon = DindWorkflow.create().seed("busybox:latest").open(outer);
    }

    Endpoint endpoint() {
        return daemon.endpoint();
    }

    DockerClient docker() {
        return daemon.docker();
    }

    /** The newest version of the API that it speaks. */
    String api() {
        return Objects.requireNonNull(docker().versionCmd().exec().getApiVersion());
    }

    /** Back to nothing but busybox. */
    void clean() {
        DockerClient docker = docker();
        for (Container container : docker.listContainersCmd().withShowAll(true).exec()) {
            docker.removeContainerCmd(container.getId())
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        }
        docker.listNetworksCmd().exec().stream()
                .filter(network -> !PREDEFINED.contains(network.getName()))
                // Those last that are configurations, which others may use.
                .sorted(Comparator.comparing(network -> "null".equals(network.getDriver())))
                .forEach(network -> docker.removeNetworkCmd(network.getId()).exec());
        // One by one: from API 1.42 on, a prune leaves those with names.
        for (InspectVolumeResponse volume : docker.listVolumesCmd().exec().getVolumes()) {
            docker.removeVolumeCmd(volume.getName()).exec();
        }
        docker.listImagesCmd().exec().stream()
                .flatMap(image -> List.of(image.getRepoTags()).stream())
                .filter(tag -> !tag.equals("busybox:latest"))
                .forEach(tag -> docker.removeImageCmd(tag).exec());
    }

    @Override
    public void close() {
        daemon.close();
    }
}
