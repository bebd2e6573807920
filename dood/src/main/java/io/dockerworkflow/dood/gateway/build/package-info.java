/** Builds by the classic builder, and Dockerfiles. */
@NullMarked
package io.dockerworkflow.dood.gateway.build;

import org.jspecify.annotations.NullMarked;
