package io.dockerworkflow.dood;

import io.dockerworkflow.testsupport.ArchitectureRules;

class DoodArchitectureTest extends ArchitectureRules {
    DoodArchitectureTest() {
        super(DoodWorkflow.class);
    }
}
