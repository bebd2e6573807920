/** Removing children from an engine, whoever talks to it and by what means. */
@NullMarked
package io.dockerworkflow.internal.removal;

import org.jspecify.annotations.NullMarked;
