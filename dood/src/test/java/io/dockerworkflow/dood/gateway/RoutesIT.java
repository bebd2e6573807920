package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.testsupport.EngineUnderTest;

/** On the engine of the machine. */
class RoutesIT extends RoutesContract {
    @Override
    Endpoint engine() {
        return new Endpoint.UnixSocket(EngineUnderTest.socket());
    }
}
