/** Images: list, pull, push, tag, load, save, remove, prune. */
@NullMarked
package io.dockerworkflow.dood.gateway.image;

import org.jspecify.annotations.NullMarked;
