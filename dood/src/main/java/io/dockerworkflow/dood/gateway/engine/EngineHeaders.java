package io.dockerworkflow.dood.gateway.engine;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/** Makes the headers of what goes to the engine and comes from it. */
public final class EngineHeaders {
    /** The engine's headers are taken as they are: looking at each character of each is for what clients send. */
    static final HttpHeadersFactory FACTORY =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private EngineHeaders() {}

    /** None yet. */
    public static HttpHeaders empty() {
        return FACTORY.newHeaders();
    }
}
