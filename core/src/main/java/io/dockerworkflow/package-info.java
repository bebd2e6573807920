/**
 * Docker from inside a build. A {@link io.dockerworkflow.DockerWorkflow} opens sessions. A session runs steps. In the modes
 * DooD and DinD it also offers a Docker endpoint of its own. Closing a session removes every child.
 */
@NullMarked
package io.dockerworkflow;

import org.jspecify.annotations.NullMarked;
