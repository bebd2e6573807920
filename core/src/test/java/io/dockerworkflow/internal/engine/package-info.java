@NullMarked
package io.dockerworkflow.internal.engine;

import org.jspecify.annotations.NullMarked;
