package io.dockerworkflow.dind;

import io.dockerworkflow.testsupport.ArchitectureRules;

class DindArchitectureTest extends ArchitectureRules {
    DindArchitectureTest() {
        super(DindWorkflow.class);
    }
}
