package io.dockerworkflow.dood;

import io.dockerworkflow.Endpoint;

/** On the engine of the machine. */
class BuildKitIT extends BuildKitContract {
    @Override
    Endpoint engine() {
        return new Endpoint.UnixSocket(EngineUnderTest.socket());
    }
}
