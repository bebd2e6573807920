/** HTTP requests of our own to an endpoint: connections, requests, certificates. */
@NullMarked
package io.dockerworkflow.internal.http;

import org.jspecify.annotations.NullMarked;
