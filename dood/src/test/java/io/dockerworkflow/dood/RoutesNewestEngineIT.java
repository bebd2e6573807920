package io.dockerworkflow.dood;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.spi.NewestEngine;

/** On the engine of Debian's newest release. */
class RoutesNewestEngineIT extends RoutesContract {
    @Override
    Endpoint engine() {
        return NewestEngine.endpoint();
    }
}
