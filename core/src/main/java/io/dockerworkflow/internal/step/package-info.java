/** The parts of running a step that need no engine: output, secrets, users, files. */
@NullMarked
package io.dockerworkflow.internal.step;

import org.jspecify.annotations.NullMarked;
