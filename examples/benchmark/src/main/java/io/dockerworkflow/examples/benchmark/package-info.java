/** The programs of {@code bin/bench}. */
@NullMarked
package io.dockerworkflow.examples.benchmark;

import org.jspecify.annotations.NullMarked;
