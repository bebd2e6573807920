/** Owners: their lifelines and watchdogs, and the sweep of what dead owners left. */
@NullMarked
package io.dockerworkflow.internal.owner;

import org.jspecify.annotations.NullMarked;
