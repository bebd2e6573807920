package io.dockerworkflow.fatimage;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.testsupport.WorkflowContract;

class FatImageContractIT extends WorkflowContract {
    @Override
    public DockerWorkflow workflow() {
        return FatImageWorkflow.create(FatImage.named("busybox"));
    }

    /** Already the opening needs it. */
    @Override
    public void useImageThatIsNowhere(String image) {
        FatImageWorkflow.create(FatImage.named(image)).open(options()).close();
    }
}
