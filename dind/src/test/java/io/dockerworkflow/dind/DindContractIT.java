package io.dockerworkflow.dind;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.testing.WorkflowContract;

class DindContractIT extends WorkflowContract {
    @Override
    protected DockerWorkflow workflow() {
        return DindWorkflow.create();
    }
}
