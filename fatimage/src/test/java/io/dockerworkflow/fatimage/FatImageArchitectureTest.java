package io.dockerworkflow.fatimage;

import io.dockerworkflow.testing.ArchitectureRules;

class FatImageArchitectureTest extends ArchitectureRules {
    FatImageArchitectureTest() {
        super(FatImageWorkflow.class);
    }
}
