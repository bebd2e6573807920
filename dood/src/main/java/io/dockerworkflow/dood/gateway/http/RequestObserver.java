package io.dockerworkflow.dood.gateway.http;

/** Is told of each finished request. */
@FunctionalInterface
public interface RequestObserver {

    /** Called on an event loop: never blocks, never throws. */
    void finished(ServedRequest request);
}
