package io.dockerworkflow;

import io.dockerworkflow.testing.ArchitectureRules;

class CoreArchitectureTest extends ArchitectureRules {
    CoreArchitectureTest() {
        super(DockerWorkflow.class);
    }
}
