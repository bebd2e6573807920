package io.dockerworkflow.dood;

import io.dockerworkflow.Endpoint;

/** On the engine of Debian's newest release. */
class RoutesNewestEngineIT extends RoutesContract {
    @Override
    Endpoint engine() {
        return new Endpoint.UnixSocket(NewClients.newestEngine());
    }
}
