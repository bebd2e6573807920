package io.dockerworkflow.dood;

import io.dockerworkflow.Endpoint;
import java.nio.file.Path;

/** On the engine of the machine. */
class BuildKitIT extends BuildKitContract {
    @Override
    Endpoint engine() {
        return new Endpoint.UnixSocket(Path.of("/var/run/docker.sock"));
    }
}
