/** Translates BuildKit's messages between the session's names and the engine's. */
@NullMarked
package io.dockerworkflow.dood.gateway.buildkit.translate;

import org.jspecify.annotations.NullMarked;
