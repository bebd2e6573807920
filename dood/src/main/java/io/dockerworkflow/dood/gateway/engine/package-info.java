/** The engine as the gateway sees it: client, connections, requests, responses. */
@NullMarked
package io.dockerworkflow.dood.gateway.engine;

import org.jspecify.annotations.NullMarked;
