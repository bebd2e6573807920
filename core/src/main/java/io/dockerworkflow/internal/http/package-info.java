/**
 * HTTP over one connection to an engine, where docker-java falls short: before it is loaded (450 ms), and for streams that
 * must be half-closed.
 */
@NullMarked
package io.dockerworkflow.internal.http;

import org.jspecify.annotations.NullMarked;
