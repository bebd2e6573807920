/** A session's children on an engine: labels, names, events, inventory, removal. */
@NullMarked
package io.dockerworkflow.internal.children;

import org.jspecify.annotations.NullMarked;
