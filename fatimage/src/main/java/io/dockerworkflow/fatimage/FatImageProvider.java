package io.dockerworkflow.fatimage;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.internal.session.WorkflowProvider;

/** Makes the mode available to {@link io.dockerworkflow.DockerWorkflows} under the name {@code fatimage}. */
public final class FatImageProvider implements WorkflowProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FatImageProvider() {}

    @Override
    public Mode mode() {
        return Mode.FATIMAGE;
    }

    /** A workflow that uses each step's own image. */
    @Override
    public DockerWorkflow create() {
        return FatImageWorkflow.create();
    }
}
