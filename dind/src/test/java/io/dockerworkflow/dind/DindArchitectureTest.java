package io.dockerworkflow.dind;

import io.dockerworkflow.testing.ArchitectureRules;

class DindArchitectureTest extends ArchitectureRules {
    DindArchitectureTest() {
        super(DindWorkflow.class);
    }
}
