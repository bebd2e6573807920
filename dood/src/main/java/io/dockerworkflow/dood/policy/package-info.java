/** What a session's clients may ask of the engine: pure functions over request bodies. Used by the gateway only. */
@NullMarked
package io.dockerworkflow.dood.policy;

import org.jspecify.annotations.NullMarked;
