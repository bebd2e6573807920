/** A container whose life is tied by the kernel to this process: it tells everyone on the engine that we are alive. */
@NullMarked
package io.dockerworkflow.internal.lifeline;

import org.jspecify.annotations.NullMarked;
