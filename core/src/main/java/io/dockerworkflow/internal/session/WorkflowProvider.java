package io.dockerworkflow.internal.session;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;

/** Makes a mode known to {@link io.dockerworkflow.DockerWorkflows}, through {@link java.util.ServiceLoader}. */
public interface WorkflowProvider {

    /** The mode. */
    Mode mode();

    /** A workflow of that mode with its default settings. Does nothing else: no connection, no thread. */
    DockerWorkflow create();
}
