/** Containers: create, list, inspect, start, rename, remove, exec. */
@NullMarked
package io.dockerworkflow.dood.gateway.container;

import org.jspecify.annotations.NullMarked;
