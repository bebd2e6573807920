/** HTTP with a session's clients: connections, exchanges, relays, routes. */
@NullMarked
package io.dockerworkflow.dood.gateway.http;

import org.jspecify.annotations.NullMarked;
