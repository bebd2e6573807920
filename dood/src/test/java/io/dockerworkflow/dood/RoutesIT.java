package io.dockerworkflow.dood;

import io.dockerworkflow.Endpoint;

/** On the engine of the machine. */
class RoutesIT extends RoutesContract {
    @Override
    Endpoint engine() {
        return new Endpoint.UnixSocket(EngineUnderTest.socket());
    }
}
