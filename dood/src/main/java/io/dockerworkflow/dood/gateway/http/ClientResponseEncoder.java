package io.dockerworkflow.dood.gateway.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Knows that a response to HEAD has no content, whatever its headers say. */
final class ClientResponseEncoder extends HttpResponseEncoder {
    private boolean head;

    void respondsTo(HttpMethod method) {
        head = method.equals(HttpMethod.HEAD);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse message) {
        return head || super.isContentAlwaysEmpty(message);
    }
}
