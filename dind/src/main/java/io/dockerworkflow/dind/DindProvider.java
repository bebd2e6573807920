package io.dockerworkflow.dind;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.internal.session.WorkflowProvider;

/**
 * Makes this mode available by its name. Programs use {@link DindWorkflow#create()} or
 * {@code DockerWorkflows.named("dind")}.
 */
public final class DindProvider implements WorkflowProvider {

    /** For {@link java.util.ServiceLoader}. */
    public DindProvider() {}

    @Override
    public Mode mode() {
        return Mode.DIND;
    }

    @Override
    public DockerWorkflow create() {
        return DindWorkflow.create();
    }
}
