package io.dockerworkflow.dood.gateway.buildkit;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.testsupport.EngineUnderTest;

/** On the engine of the machine. */
class BuildKitIT extends BuildKitContract {
    @Override
    Endpoint engine() {
        return new Endpoint.UnixSocket(EngineUnderTest.socket());
    }
}
