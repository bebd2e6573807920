/**
 * A small process that outlives this one by a moment, and removes what it has left on an engine. What it runs loads nothing
 * but this library's core, the JDK and Jackson's streams.
 */
@NullMarked
package io.dockerworkflow.internal.watchdog;

import org.jspecify.annotations.NullMarked;
