/** Builds by BuildKit: its connections, and what a session changes in them. */
@NullMarked
package io.dockerworkflow.dood.gateway.buildkit;

import org.jspecify.annotations.NullMarked;
