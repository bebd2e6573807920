/** Networks: create, list, connect, remove, prune. */
@NullMarked
package io.dockerworkflow.dood.gateway.network;

import org.jspecify.annotations.NullMarked;
