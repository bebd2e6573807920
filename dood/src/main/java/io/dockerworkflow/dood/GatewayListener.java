package io.dockerworkflow.dood;

/**
 * Is told of each request that a session's gateway has finished: what counters and timings are made of. Set with
 * {@link DoodWorkflow#listener}. A session calls it on one thread of its own, one request after the other, so a slow listener
 * slows no client; what it is late with waits, and beyond 10,000 requests is dropped, with a warning in the log. Sessions of one
 * workflow call it at the same time. What it throws is logged and breaks nothing.
 */
@FunctionalInterface
public interface GatewayListener {
    /** A request is finished, whoever's client made it: a step's, a build's, or the session's own. */
    void on(GatewayRequest request);
}
