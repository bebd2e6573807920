/**
 * Docker from inside a build. A {@link io.dockerworkflow.DockerWorkflow} opens sessions; a session runs steps and, but for
 * the fat image, hands out a Docker of its own; closing it removes every child.
 */
@NullMarked
package io.dockerworkflow;

import org.jspecify.annotations.NullMarked;
