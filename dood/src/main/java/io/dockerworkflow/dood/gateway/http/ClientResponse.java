package io.dockerworkflow.dood.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.engine.EngineRequest;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a handler wants its client to get. */
public sealed interface ClientResponse {

    /**
     * A response that is there.
     *
     * @param status the status code
     * @param headers headers beside those that every response has
     * @param body the body
     */
    record Full(int status, HttpHeaders headers, byte[] body) implements ClientResponse {}

    /**
     * The engine's response to this request, as it comes.
     *
     * @param request the request
     * @param bodyFollows whether the client's body is relayed as the request's
     * @param bodyTransform what changes that body on its way
     * @param filter what is done to the response
     */
    record Forward(EngineRequest request, boolean bodyFollows, Optional<ByteTransform> bodyTransform, Filter filter)
            implements ClientResponse {
        public Forward with(Filter other) {
            return new Forward(request, bodyFollows, bodyTransform, other);
        }

        /** Changes the client's body on its way, and with it its length. */
        public Forward through(ByteTransform transform) {
            if (!bodyFollows) {
                return this;
            }
            HttpHeaders headers = request.headers().copy().remove(HttpHeaderNames.CONTENT_LENGTH);
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
            EngineRequest changed = new EngineRequest(request.method(), request.uri(), headers, request.body());
            return new Forward(changed, true, Optional.of(transform), filter);
        }
    }

    /** What is done to an engine's response that is not an error; those are always rewritten. */
    sealed interface Filter {
        /** Nothing. */
        record Raw() implements Filter {}

        /** The connection may be taken over by raw bytes, both ways. */
        record Hijack() implements Filter {}

        /**
         * The engine may switch protocols; both connections then speak the other one, and are handed over.
         *
         * @param takeover gets the client's and the engine's channel, on their event loop
         */
        record Upgrade(BiConsumer<Channel, Channel> takeover) implements Filter {}

        /**
         * The response is a JSON document.
         *
         * @param change makes the client's response of it
         * @param steady whether that depends on nothing but the document, the request's target, and what the session knows of its
         *     objects ({@link HttpContext#revision})
         */
        record Document(Function<JsonNode, CompletionStage<JsonNode>> change, boolean steady) implements Filter {
            /** A change that may depend on anything. */
            public Document(Function<JsonNode, CompletionStage<JsonNode>> change) {
                this(change, false);
            }

            /** The same, said to be steady. */
            public Document asSteady() {
                return new Document(change, true);
            }
        }

        /**
         * The response is a stream of JSON objects.
         *
         * @param change makes none or more client's objects of each
         * @param completion of work on an image, which the session can end: is done before the client learns of its end
         */
        record Lines(
                Function<ObjectNode, List<ObjectNode>> change,
                Optional<Supplier<? extends CompletionStage<?>>> completion)
                implements Filter {
            /** News, for as long as the client likes to hear it. */
            public Lines(Function<ObjectNode, List<ObjectNode>> change) {
                this(change, Optional.empty());
            }

            /** The progress of some work. */
            public Lines(
                    Function<ObjectNode, List<ObjectNode>> change, Supplier<? extends CompletionStage<?>> completion) {
                this(change, Optional.of(completion));
            }
        }

        /**
         * The response is a stream of bytes.
         *
         * @param transform changes it
         */
        record Bytes(ByteTransform transform) implements Filter {}
    }

    static Full json(int status, JsonNode node) {
        return new Full(
                status,
                new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json"),
                ApiJson.document(node));
    }

    static Full empty(int status) {
        return new Full(status, new DefaultHttpHeaders(), new byte[0]);
    }

    static Full error(int status, String message) {
        return json(status, ApiJson.object().put("message", message));
    }

    /** A response of the engine to a question of the gateway's, as the client's response. Fails if it is an error. */
    static Full passed(EngineResponse response) {
        response.orThrow();
        HttpHeaders headers = new DefaultHttpHeaders();
        String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
        if (type != null) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, type);
        }
        return new Full(response.status(), headers, response.body());
    }

    /** Changes a document that is an object. */
    static Filter.Document document(Function<ObjectNode, ? extends JsonNode> change) {
        return documentOf(node -> node instanceof ObjectNode object ? change.apply(object) : node);
    }

    /** Changes a document. */
    static Filter.Document documentOf(Function<JsonNode, ? extends JsonNode> change) {
        return new Filter.Document(node -> CompletableFuture.completedFuture(change.apply(node)));
    }
}
