@NullMarked
package io.dockerworkflow.internal.step;

import org.jspecify.annotations.NullMarked;
