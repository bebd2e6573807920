/**
 * The DooD session's endpoint: a Docker API server that serves one session and relays to a shared engine. A
 * {@code ClientConnection} reads requests, {@code RouteTable} finds the handler, handlers translate names with the
 * {@code SessionIndex} and answer with a {@code Reply}, and {@code Relay} and {@code Tunnel} move the bytes.
 */
@NullMarked
package io.dockerworkflow.dood.gateway;

import org.jspecify.annotations.NullMarked;
