/** For those who write a mode: engine connection, tracker, names and labels, step runner. */
@NullMarked
package io.dockerworkflow.spi;

import org.jspecify.annotations.NullMarked;
