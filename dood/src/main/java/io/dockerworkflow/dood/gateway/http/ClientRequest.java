package io.dockerworkflow.dood.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.engine.EngineClient;
import io.dockerworkflow.dood.gateway.engine.EngineHeaders;
import io.dockerworkflow.dood.gateway.engine.EngineRequest;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.HopByHopHeaders;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.protocol.RequestTarget;
import io.dockerworkflow.dood.gateway.stream.BodyBytes;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client's request, as its handler sees it. Lives on the client's event loop. */
public final class ClientRequest {
    /** More than any JSON that the API takes; tar streams are not collected. */
    private static final int MAX_COLLECTED = 16 * 1024 * 1024;

    private final HttpMethod method;
    private final HttpHeaders headers;
    private final RequestTarget target;
    private final ApiVersion version;
    private final String variable;
    private final EventLoop loop;
    private final EngineClient engine;
    private final RequestBody body;

    public ClientRequest(
            HttpMethod method,
            HttpHeaders headers,
            RequestTarget target,
            ApiVersion version,
            String variable,
            EventLoop loop,
            EngineClient engine,
            RequestBody body) {
        this.method = method;
        this.headers = headers;
        this.target = target;
        this.version = version;
        this.variable = variable;
        this.loop = loop;
        this.engine = engine;
        this.body = body;
    }

    HttpMethod method() {
        return method;
    }

    public HttpHeaders headers() {
        return headers;
    }

    public ApiVersion version() {
        return version;
    }

    /** The decoded path without its version. */
    public String path() {
        return target.path();
    }

    public Query query() {
        return target.query();
    }

    /** What stands in the place of the route's variable, decoded. */
    public String variable() {
        return variable;
    }

    public EventLoop loop() {
        return loop;
    }

    /** The whole body as a JSON object. */
    CompletionStage<ObjectNode> json() {
        return bytes().thenApply(ApiJson::parseRequest);
    }

    /** The whole body. */
    public CompletionStage<byte[]> bytes() {
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        BodyBytes collected = new BodyBytes();
        body.drainTo(content -> collect(content, collected, all));
        return all;
    }

    private static void collect(HttpContent content, BodyBytes collected, CompletableFuture<byte[]> all) {
        boolean last = content instanceof LastHttpContent;
        if (content.decoderResult().isFailure()) {
            all.completeExceptionally(ApiException.badRequest("malformed request body"));
        } else if (collected.size() + content.content().readableBytes() > MAX_COLLECTED) {
            all.completeExceptionally(new ApiException(413, "http: request body too large"));
        } else if (!all.isDone()) {
            collected.add(content.content());
        }
        content.release();
        if (last) {
            all.complete(collected.toArray());
        }
    }

    /** Asks the engine something of the gateway's own, at this call's version. */
    public CompletionStage<EngineResponse> ask(HttpMethod how, String path) {
        return engine.send(loop, EngineRequest.of(how, versioned(path)));
    }

    public CompletionStage<EngineResponse> ask(HttpMethod how, String path, Query query) {
        return engine.send(loop, EngineRequest.of(how, versioned(path) + query));
    }

    /** Sends a JSON body to the engine. */
    public CompletionStage<EngineResponse> ask(HttpMethod how, String path, Query query, JsonNode json) {
        return engine.send(loop, EngineRequest.of(how, versioned(path) + query).json(json));
    }

    /** The version that the client asked for, or that one if it is newer. */
    public ApiVersion atLeast(ApiVersion other) {
        return version.compareTo(other) >= 0 ? version : other;
    }

    /** This request at another path, without a body or with the client's own. */
    public ClientResponse.Forward forward(String path, Query query) {
        return forward(version, path, query);
    }

    /** This request at another version and path, without a body or with the client's own. */
    public ClientResponse.Forward forward(ApiVersion asked, String path, Query query) {
        requireNoForm();
        boolean bodyFollows = headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
        HttpHeaders out = endToEnd();
        if (bodyFollows) {
            String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
            if (length == null) {
                out.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
            } else {
                out.set(HttpHeaderNames.CONTENT_LENGTH, length);
            }
        }
        EngineRequest request = new EngineRequest(method, "/v" + asked + path + query, out, Optional.empty());
        return new ClientResponse.Forward(request, bodyFollows, Optional.empty(), new ClientResponse.Filter.Raw());
    }

    /** This request at another path, without the client's body. */
    public ClientResponse.Forward forwardWithoutBody(String path, Query query) {
        HttpHeaders out = endToEnd().remove(HttpHeaderNames.CONTENT_TYPE);
        EngineRequest request = new EngineRequest(method, versioned(path) + query, out, Optional.empty());
        return new ClientResponse.Forward(request, false, Optional.empty(), new ClientResponse.Filter.Raw());
    }

    /** This request at another path with this body. */
    public ClientResponse.Forward forward(String path, Query query, JsonNode json) {
        EngineRequest request = new EngineRequest(method, versioned(path) + query, endToEnd(), Optional.empty());
        return new ClientResponse.Forward(request.json(json), false, Optional.empty(), new ClientResponse.Filter.Raw());
    }

    /** This request at another path, which may take over the connection. */
    public ClientResponse.Forward hijack(ClientResponse.Forward forward) {
        HttpHeaders out = forward.request().headers();
        if (headers.contains(HttpHeaderNames.UPGRADE)) {
            out.set(HttpHeaderNames.CONNECTION, "Upgrade");
            out.set(HttpHeaderNames.UPGRADE, headers.getAll(HttpHeaderNames.UPGRADE));
        }
        return forward.with(new ClientResponse.Filter.Hijack());
    }

    /** This request, upgraded to HTTP/2. */
    public ClientResponse.Forward upgrade(
            java.util.function.BiConsumer<io.netty.channel.Channel, io.netty.channel.Channel> takeover) {
        return hijack(forwardWithoutBody(path(), query())).with(new ClientResponse.Filter.Upgrade(takeover));
    }

    RequestBody body() {
        return body;
    }

    private HttpHeaders endToEnd() {
        HttpHeaders out = EngineHeaders.empty().set(headers);
        HopByHopHeaders.removeFromRequest(out);
        return out;
    }

    /** The daemon merges form bodies into the query, where they would win over what was checked here. */
    private void requireNoForm() {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/")) {
            headers.remove(HttpHeaderNames.CONTENT_TYPE);
        }
    }

    /** The path at the version that the client asked for. */
    public String versioned(String path) {
        return "/v" + version + path;
    }
}
