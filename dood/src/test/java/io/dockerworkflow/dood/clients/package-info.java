/** Real clients, unchanged, each in a session of its own. */
@NullMarked
package io.dockerworkflow.dood.clients;

import org.jspecify.annotations.NullMarked;
