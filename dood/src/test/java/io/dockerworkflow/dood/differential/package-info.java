/** The same random calls to a bare engine and to a session: a client must not be able to tell them apart. */
@NullMarked
package io.dockerworkflow.dood.differential;

import org.jspecify.annotations.NullMarked;
