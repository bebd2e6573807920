package io.dockerworkflow.dood.differential;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PruneType;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dind.DindWorkflow;
import java.util.List;
import java.util.Set;

/** An engine that holds nothing but busybox: a daemon of its own, so that what others do on this machine is out of sight. */
final class BareEngine implements AutoCloseable {
    private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none");

    private final DockerSession daemon;

    BareEngine() {
        daemon = DindWorkflow.create().seed("busybox:latest").open(SessionOptions.defaults());
    }

    Endpoint endpoint() {
        return daemon.endpoint();
    }

    DockerClient docker() {
        return daemon.docker();
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
        for (Network network : docker.listNetworksCmd().exec()) {
            if (!PREDEFINED.contains(network.getName())) {
                docker.removeNetworkCmd(network.getId()).exec();
            }
        }
        docker.pruneCmd(PruneType.VOLUMES).exec();
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
