package io.dockerworkflow.dood.gateway.http;

/** Hears of the client while its request is with the engine. Called on the client's event loop. */
interface ClientListener {
    /** All that has come from the client for now was passed on. */
    void clientReadComplete();

    /** The client takes bytes again, or no longer. */
    void clientWritabilityChanged();

    /** The client will send no more. */
    void clientInputClosed();

    /** Gives the request up: nobody waits for its response. */
    void cancel();

    /** Gives up what was held for either body. Idempotent. */
    void release();
}
