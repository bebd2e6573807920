/** Figures, tables, and the processes that are measured. */
@NullMarked
package io.dockerworkflow.examples.benchmark.measure;

import org.jspecify.annotations.NullMarked;
