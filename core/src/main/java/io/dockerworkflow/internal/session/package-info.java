/** What a session of any mode consists of, from its opening to its end. */
@NullMarked
package io.dockerworkflow.internal.session;

import org.jspecify.annotations.NullMarked;
