package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What becomes of a call. */
public sealed interface CallPlan {

    /** It is answered here, with these messages and success. */
    record Answer(List<byte[]> messages) implements CallPlan {}

    /** It is answered here, with a failure. */
    record Refuse(GrpcRefusal refusal) implements CallPlan {}

    /**
     * It is relayed.
     *
     * @param headers changes the request's headers
     * @param request changes its messages; empty: they pass untouched and unread
     * @param response changes the answer's messages; empty: they pass untouched and unread
     * @param trailers changes the answer's trailers
     * @param closed told when the call is over, however it ended
     */
    record Relay(
            UnaryOperator<Http2Headers> headers,
            Optional<MessageTransform> request,
            Optional<MessageTransform> response,
            UnaryOperator<Http2Headers> trailers,
            Runnable closed)
            implements CallPlan {

        public static Relay untouched() {
            return new Relay(
                    UnaryOperator.identity(), Optional.empty(), Optional.empty(), UnaryOperator.identity(), () -> {});
        }

        public Relay request(Optional<MessageTransform> transform) {
            return new Relay(headers, transform, response, trailers, closed);
        }

        public Relay response(Optional<MessageTransform> transform) {
            return new Relay(headers, request, transform, trailers, closed);
        }
    }

    /** Decides, from a request's headers. */
    interface Planner {
        CallPlan plan(Http2Headers headers);
    }
}
