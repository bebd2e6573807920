package io.dockerworkflow.dind;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes everything but the images that the previous session left in a cache. That session killed its daemon without a
 * cleanup.
 */
final class Leftovers {
    private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none");

    private Leftovers() {}

    static void remove(DockerClient daemon) {
        for (Container container : daemon.listContainersCmd().withShowAll(true).exec()) {
            daemon.removeContainerCmd(container.getId())
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        }
        for (Network network : daemon.listNetworksCmd().exec()) {
            if (!PREDEFINED.contains(network.getName())) {
                daemon.removeNetworkCmd(network.getId()).exec();
            }
        }
        List<InspectVolumeResponse> volumes =
                Optional.ofNullable(daemon.listVolumesCmd().exec().getVolumes()).orElse(List.of());
        volumes.forEach(volume -> daemon.removeVolumeCmd(volume.getName()).exec());
    }
}
