package io.dockerworkflow.dood.gateway.protocol;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/** The headers that are of one connection, and not of what goes from its one end to the other (RFC 9110, 7.6.1). */
public final class HopByHopHeaders {
    private static final AsciiString[] OF_THE_CONNECTION = {
        HttpHeaderNames.CONNECTION,
        AsciiString.cached("keep-alive"),
        HttpHeaderNames.UPGRADE,
        AsciiString.cached("proxy-connection")
    };

    /** Also how a body comes, and what the next hop is told anew. */
    private static final AsciiString[] OF_A_REQUEST = {
        HttpHeaderNames.HOST,
        HttpHeaderNames.TE,
        HttpHeaderNames.TRANSFER_ENCODING,
        HttpHeaderNames.TRAILER,
        HttpHeaderNames.EXPECT,
        HttpHeaderNames.CONTENT_LENGTH
    };

    private HopByHopHeaders() {}

    /** Leaves an answer's others. How its body comes is for whoever passes it on. */
    public static void removeFromResponse(HttpHeaders headers) {
        remove(headers, OF_THE_CONNECTION);
    }

    /** Leaves a request's others, without those either that it says are of the connection. */
    public static void removeFromRequest(HttpHeaders headers) {
        for (String named : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String token : named.split(",")) {
                if (!token.isBlank()) {
                    headers.remove(token.strip());
                }
            }
        }
        remove(headers, OF_THE_CONNECTION);
        remove(headers, OF_A_REQUEST);
    }

    private static void remove(HttpHeaders headers, AsciiString[] names) {
        for (AsciiString name : names) {
            headers.remove(name);
        }
    }
}
