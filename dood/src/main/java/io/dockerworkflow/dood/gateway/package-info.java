/** The gateway: a Docker endpoint for one session, and the list of its routes. */
@NullMarked
package io.dockerworkflow.dood.gateway;

import org.jspecify.annotations.NullMarked;
