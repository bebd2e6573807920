package io.dockerworkflow.dood.gateway.buildkit;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.testsupport.NewestEngine;
import org.junit.jupiter.api.Tag;

/** On the engine of Debian's newest release, whose builder knows source policies. */
@Tag("long")
class BuildKitNewestEngineIT extends BuildKitContract {
    private static final Endpoint ENGINE = NewestEngine.endpoint();

    @Override
    Endpoint engine() {
        return ENGINE;
    }
}
