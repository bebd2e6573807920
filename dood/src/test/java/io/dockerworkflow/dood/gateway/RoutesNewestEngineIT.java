package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.testsupport.NewestEngine;

/** On the engine of Debian's newest release. */
class RoutesNewestEngineIT extends RoutesContract {
    @Override
    Endpoint engine() {
        return NewestEngine.endpoint();
    }
}
