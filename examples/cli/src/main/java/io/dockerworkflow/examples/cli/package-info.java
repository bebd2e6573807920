/** The library on the command line. */
@NullMarked
package io.dockerworkflow.examples.cli;

import org.jspecify.annotations.NullMarked;
