/** What is left when a process with an open session dies at a random moment. */
@NullMarked
package io.dockerworkflow.examples.benchmark.faults;

import org.jspecify.annotations.NullMarked;
