package io.dockerworkflow.dood;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerNetwork;
import io.dockerworkflow.Child;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.dood.gateway.Gateway;
import io.dockerworkflow.dood.gateway.socket.SessionCertificates;
import io.dockerworkflow.internal.engine.EngineErrors;
import io.dockerworkflow.internal.host.HostPaths;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.step.StepPlacement;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The way from steps to the gateway if this process runs in a container that shares no directory and no volume with the
 * engine's host. Steps cannot mount the gateway's socket then. They reach it over a network of the session, which contains
 * this container and the steps.
 *
 * @param endpoint the endpoint that a step connects to
 * @param files the certificates that the step presents and expects, by name
 */
record SiblingAccess(Endpoint endpoint, Map<String, String> files) {
    /** The logical name of that network. Clients of the session see it. */
    static final String NETWORK = "docker-workflow";

    /**
     * Whether steps need this way, and this container can have it. A container in the host's network or in none cannot: no
     * engine connects it to another network, and 20.10 panics on such a request.
     */
    static boolean isNeeded(HostPaths paths, Path socket) {
        return paths.container().isPresent()
                && paths.toHost(socket).isEmpty()
                && !paths.addresses().isEmpty();
    }

    /**
     * Creates the network, joins it, and makes the gateway listen there. All of it ends with the session.
     *
     * @throws EngineException if the engine refuses
     */
    static SiblingAccess open(SessionScope scope, Gateway gateway) {
        String network = scope.names().engineName(NETWORK);
        String address;
        try (ResourceTracker.Announcement announcement =
                scope.tracker().announce(new Child(Child.Kind.NETWORK, network))) {
            address = join(scope, scope.hostPaths().container().orElseThrow(), network);
            announcement.created();
        } catch (DockerException e) {
            throw new EngineException(
                    "join the network through which steps reach the gateway",
                    network,
                    EngineErrors.of(e),
                    "Share a directory or volume with the engine's host, so that none is needed",
                    e);
        }
        SessionCertificates certificates = SessionCertificates.make(scope.id().value(), address);
        int port = gateway.listen(address, certificates);
        return new SiblingAccess(
                new Endpoint.Tcp(address, port, Optional.of(StepPlacement.CERTIFICATES)), certificates.clientFiles());
    }

    private static String join(SessionScope scope, String own, String network) {
        DockerClient docker = scope.engine().docker();
        docker.createNetworkCmd()
                .withName(network)
                .withLabels(scope.names().labels(NETWORK))
                .withCheckDuplicate(true)
                .exec();
        docker.connectToNetworkCmd().withNetworkId(network).withContainerId(own).exec();
        return Optional.ofNullable(docker.inspectContainerCmd(own)
                        .exec()
                        .getNetworkSettings()
                        .getNetworks()
                        .get(network))
                .map(ContainerNetwork::getIpAddress)
                .orElseThrow(() -> new DockerException("the engine gives this container no address there", 500));
    }

    StepPlacement in(StepPlacement placement) {
        return placement.reaching(endpoint, NETWORK, files);
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "SiblingAccess " + endpoint;
    }
}
