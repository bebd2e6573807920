package io.dockerworkflow.dood;

/**
 * Receives each request that a session's gateway has finished, for counters and timings. Set it with
 * {@link DoodWorkflow#listener}. A session calls it on one thread of its own, one request after the other, so a slow listener
 * slows no client. Up to 10,000 requests wait for a slow listener; further ones are dropped, with a warning in the log. Several
 * sessions of one workflow may call it at the same time. Exceptions that it throws are logged and break nothing.
 */
@FunctionalInterface
public interface GatewayListener {
    /** Receives a finished request from any client: a step's, a build's, or the session's own. */
    void on(GatewayRequest request);
}
