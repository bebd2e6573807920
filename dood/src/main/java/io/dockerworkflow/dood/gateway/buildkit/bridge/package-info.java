/** Joins a BuildKit client's connections to the engine's. */
@NullMarked
package io.dockerworkflow.dood.gateway.buildkit.bridge;

import org.jspecify.annotations.NullMarked;
