package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.RequestTarget;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** All routes that the gateway knows, in the daemon's order: the first that matches is taken. What matches none is refused. */
public final class RouteTable {
    /** The oldest that the gateway speaks to an engine. */
    private static final ApiVersion OLDEST_SPOKEN = new ApiVersion(1, 24);

    private final HttpContext gateway;
    private final Map<HttpMethod, List<Route>> byMethod;

    public RouteTable(HttpContext gateway, List<Route> routes) {
        this.gateway = gateway;
        this.byMethod = routes.stream().collect(Collectors.groupingBy(Route::method));
    }

    CompletionStage<? extends ClientResponse> handle(HttpRequest request, EventLoop loop, RequestBody body) {
        RequestTarget target = RequestTarget.parse(request.uri());
        if (!target.clean()) {
            return redirect(target);
        }
        for (Route route : byMethod.getOrDefault(request.method(), List.of())) {
            Optional<String> variable = route.match(target.path());
            if (variable.isPresent()) {
                ApiVersion version = version(target);
                ClientRequest clientRequest = new ClientRequest(
                        request.method(),
                        request.headers(),
                        target,
                        version,
                        variable.get(),
                        loop,
                        gateway.engine(),
                        body);
                return route.handler().handle(clientRequest);
            }
        }
        throw ApiException.notFound("page not found");
    }

    /** The route that a request has, if it has one. */
    Optional<Route> find(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.empty();
        }
        try {
            RequestTarget target = RequestTarget.parse(request.uri());
            return byMethod.getOrDefault(request.method(), List.of()).stream()
                    .filter(route ->
                            target.clean() && route.match(target.path()).isPresent())
                    .findFirst();
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    /** Whether any route has the request's method. */
    boolean hasMethod(HttpRequest request) {
        return !request.decoderResult().isFailure() && byMethod.containsKey(request.method());
    }

    private ApiVersion version(RequestTarget target) {
        EngineFacts facts = gateway.facts();
        if (target.version().isEmpty()) {
            return facts.newest();
        }
        String text = target.version().get();
        ApiVersion asked =
                ApiVersion.parse(text).orElseThrow(() -> ApiException.badRequest("invalid API version: " + text));
        if (asked.compareTo(facts.newest()) > 0) {
            throw ApiException.badRequest(
                    "client version " + asked + " is too new. Maximum supported API version is " + facts.newest());
        }
        if (asked.compareTo(facts.oldest()) < 0) {
            throw ApiException.badRequest("client version " + asked
                    + " is too old. Minimum supported API version is " + facts.oldest()
                    + ", please upgrade your client to a newer version");
        }
        // Clients of that age run on (skopeo before 1.14.2 asks for 1.22): they are served as the oldest.
        return asked.compareTo(OLDEST_SPOKEN) < 0 ? OLDEST_SPOKEN : asked;
    }

    /** The daemon's router sends clients to the clean form of a path, and so never routes "..". */
    private static CompletionStage<ClientResponse> redirect(RequestTarget target) {
        String path = target.version().map(version -> "/v" + version).orElse("") + target.path();
        String clean =
                java.nio.file.Path.of(path.replace('\0', '?')).normalize().toString();
        return CompletableFuture.completedFuture(new ClientResponse.Full(
                301,
                new DefaultHttpHeaders()
                        .set(HttpHeaderNames.LOCATION, PercentEncoding.encodePath(clean) + target.query()),
                new byte[0]));
    }
}
