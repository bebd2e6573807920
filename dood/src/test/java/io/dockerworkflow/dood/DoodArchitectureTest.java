package io.dockerworkflow.dood;

import io.dockerworkflow.testing.ArchitectureRules;

class DoodArchitectureTest extends ArchitectureRules {
    DoodArchitectureTest() {
        super(DoodWorkflow.class);
    }
}
