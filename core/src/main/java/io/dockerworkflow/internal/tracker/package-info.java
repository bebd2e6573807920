/** The tracker: knows a session's children and removes them. */
@NullMarked
package io.dockerworkflow.internal.tracker;

import org.jspecify.annotations.NullMarked;
