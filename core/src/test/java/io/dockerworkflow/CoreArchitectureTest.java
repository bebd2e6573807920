package io.dockerworkflow;

import io.dockerworkflow.testsupport.ArchitectureRules;

class CoreArchitectureTest extends ArchitectureRules {
    CoreArchitectureTest() {
        super(DockerWorkflow.class);
    }
}
