package io.dockerworkflow.dood;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.testing.WorkflowContract;

class DoodContractIT extends WorkflowContract {
    @Override
    protected DockerWorkflow workflow() {
        return DoodWorkflow.create();
    }
}
