package io.dockerworkflow.dood.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.Optional;

/**
 * A request to the engine.
 *
 * @param method the method
 * @param uri the path with version and query, encoded
 * @param headers headers beside host and length
 * @param body the body; empty for none, or where the client's own body is relayed
 */
public record EngineRequest(HttpMethod method, String uri, HttpHeaders headers, Optional<byte[]> body) {
    private static final AsciiString HOST = AsciiString.cached("docker");
    private static final byte[] NO_BODY = new byte[0];

    public static EngineRequest get(String uri) {
        return of(HttpMethod.GET, uri);
    }

    public static EngineRequest of(HttpMethod method, String uri) {
        return new EngineRequest(method, uri, EngineHeaders.empty(), Optional.empty());
    }

    /** Whether it changes nothing, so that it may be repeated. */
    public boolean isSafe() {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    public EngineRequest json(JsonNode node) {
        HttpHeaders copy = headers.copy().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        return new EngineRequest(method, uri, copy, Optional.of(ApiJson.bytes(node)));
    }

    /**
     * The message for the engine. The headers are completed, not copied.
     *
     * @param bodyFollows whether the body follows in pieces: then this is the head only
     */
    HttpRequest toHttp(boolean bodyFollows) {
        headers.set(HttpHeaderNames.HOST, HOST);
        if (bodyFollows) {
            return new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, uri, headers);
        }
        byte[] bytes = body.orElse(NO_BODY);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (bytes.length > 0 || !isBodiless()) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        } else {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, method, uri, Unpooled.wrappedBuffer(bytes), headers, EmptyHttpHeaders.INSTANCE);
    }

    private boolean isBodiless() {
        return isSafe() || method.equals(HttpMethod.DELETE);
    }
}
