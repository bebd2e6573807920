package io.dockerworkflow.dind;

import io.dockerworkflow.Endpoint;

/**
 * A daemon that answers.
 *
 * @param container the id of its container on the outer engine
 * @param endpoint the endpoint that it listens on
 */
record Daemon(String container, Endpoint.UnixSocket endpoint) {}
