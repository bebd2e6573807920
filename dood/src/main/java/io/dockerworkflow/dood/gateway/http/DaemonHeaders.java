package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.engine.EngineHeaders;
import io.dockerworkflow.dood.gateway.protocol.HopByHopHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/** The headers by which a daemon says what it is. */
final class DaemonHeaders {
    private static final AsciiString API_VERSION = AsciiString.cached("Api-Version");

    private final EngineFacts facts;

    DaemonHeaders(EngineFacts facts) {
        this.facts = facts;
    }

    /** The headers that every response of the daemon has. */
    HttpHeaders standard() {
        return EngineHeaders.empty()
                .set(API_VERSION, facts.newest().toString())
                .set("Docker-Experimental", "false")
                .set("Ostype", facts.osType())
                .set(HttpHeaderNames.SERVER, facts.server());
    }

    /** The engine's headers as the client gets them. They are changed, not copied. */
    HttpHeaders endToEnd(HttpHeaders headers) {
        HopByHopHeaders.removeFromResponse(headers);
        if (headers.contains(API_VERSION)) {
            headers.set(API_VERSION, facts.newest().toString());
        }
        return headers;
    }
}
