package io.dockerworkflow.dood.gateway.engine;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/** Hears what comes back over a connection to the engine. Owns the buffers that it is given. */
public interface EngineResponseListener {
    void head(HttpResponse head);

    void content(HttpContent content);

    /** Bytes of a connection that is no longer HTTP. */
    void raw(ByteBuf bytes);

    /** The engine will send no more; after the end of the response this is not told. */
    void inputClosed();

    /** The connection failed before the end of the response. */
    void failed(Throwable cause);

    /** The engine takes bytes again, or no longer. */
    void writabilityChanged();

    /** All that has come for now was told: the time to flush. */
    default void readComplete() {}
}
