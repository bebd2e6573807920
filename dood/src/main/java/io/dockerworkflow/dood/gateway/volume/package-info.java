/** Volumes: create, list, remove, prune. */
@NullMarked
package io.dockerworkflow.dood.gateway.volume;

import org.jspecify.annotations.NullMarked;
