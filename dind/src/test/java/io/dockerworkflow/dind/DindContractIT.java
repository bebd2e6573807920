package io.dockerworkflow.dind;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.testsupport.WorkflowContract;

class DindContractIT extends WorkflowContract {
    @Override
    public DockerWorkflow workflow() {
        return DindWorkflow.create();
    }
}
