package io.dockerworkflow.dood;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.internal.session.WorkflowProvider;

/**
 * Makes this mode available by its name. Programs use {@link DoodWorkflow#create()} or
 * {@code DockerWorkflows.named("dood")}.
 */
public final class DoodProvider implements WorkflowProvider {

    /** For {@link java.util.ServiceLoader}. */
    public DoodProvider() {}

    @Override
    public Mode mode() {
        return Mode.DOOD;
    }

    @Override
    public DockerWorkflow create() {
        return DoodWorkflow.create();
    }
}
