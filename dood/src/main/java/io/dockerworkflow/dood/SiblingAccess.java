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
 * How steps reach the gateway when this process runs in a container that shares no directory and no volume with the engine's
 * host, so that its socket cannot be mounted: over a network of the session, which holds this container and the steps.
 *
 * @param endpoint what a step connects to
 * @param files the certificates that it shows and expects, by name
 */
record SiblingAccess(Endpoint endpoint, Map<String, String> files) {
    /** The logical name of that network, which clients of the session see. */
    static final String NETWORK = "docker-workflow";

    /**
     * Whether steps need it, and this container can have it. One in the host's network or in none cannot: no engine connects it
     * to another, and 20.10 panics if asked.
     */
    static boolean isNeeded(HostPaths paths, Path socket) {
        return paths.container().isPresent()
                && paths.toHost(socket).isEmpty()
                && !paths.addresses().isEmpty();
    }

    /**
     * Makes the network, joins it, and lets the gateway listen there. All of it ends with the session.
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
                    "join a network of the session, by which its steps reach the gateway",
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

    /** Without the key. */
    @Override
    public String toString() {
        return "SiblingAccess " + endpoint;
    }
}
