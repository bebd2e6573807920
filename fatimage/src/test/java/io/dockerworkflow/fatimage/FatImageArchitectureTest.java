package io.dockerworkflow.fatimage;

import io.dockerworkflow.testsupport.ArchitectureRules;

class FatImageArchitectureTest extends ArchitectureRules {
    FatImageArchitectureTest() {
        super(FatImageWorkflow.class);
    }
}
