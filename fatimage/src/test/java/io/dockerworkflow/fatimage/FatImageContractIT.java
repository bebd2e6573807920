package io.dockerworkflow.fatimage;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.testing.WorkflowContract;

class FatImageContractIT extends WorkflowContract {
    @Override
    protected DockerWorkflow workflow() {
        return FatImageWorkflow.create(FatImage.named("busybox"));
    }

    /** Already the opening needs it. */
    @Override
    protected void useImageThatIsNowhere(String image) {
        FatImageWorkflow.create(FatImage.named(image)).open(options()).close();
    }
}
