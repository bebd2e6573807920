/** Steps: each one command in a container of its own. */
@NullMarked
package io.dockerworkflow.internal.step;

import org.jspecify.annotations.NullMarked;
