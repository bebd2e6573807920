/** What sessions an engine shows, and the removal of those whose owners are dead. */
@NullMarked
package io.dockerworkflow.internal.inventory;

import org.jspecify.annotations.NullMarked;
