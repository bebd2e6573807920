/** Docker out of Docker: each session gets an endpoint of its own on a shared engine, with its own names and its own view. */
@NullMarked
package io.dockerworkflow.dood;

import org.jspecify.annotations.NullMarked;
