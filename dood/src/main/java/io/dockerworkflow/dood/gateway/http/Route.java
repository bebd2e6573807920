package io.dockerworkflow.dood.gateway.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One route of the API.
 *
 * @param method the method
 * @param pattern the path, with a variable in braces or without, as "/containers/{name}/json"
 * @param prefix what the path begins with
 * @param suffix what it ends with
 * @param variable whether anything may stand between, as in the daemon's {@code {name:.*}}
 * @param handler answers
 */
public record Route(
        HttpMethod method, String pattern, String prefix, String suffix, boolean variable, Handler handler) {

    /** Answers a call. Never blocks; may throw. */
    @FunctionalInterface
    public interface Handler {
        CompletionStage<? extends ClientResponse> handle(ClientRequest request);
    }

    /** A route by its pattern, as "/containers/{name}/json". */
    public static Route of(String method, String pattern, Handler handler) {
        int open = pattern.indexOf('{');
        int close = pattern.indexOf('}');
        return open < 0
                ? new Route(HttpMethod.valueOf(method), pattern, pattern, "", false, handler)
                : new Route(
                        HttpMethod.valueOf(method),
                        pattern,
                        pattern.substring(0, open),
                        pattern.substring(close + 1),
                        true,
                        handler);
    }

    /** A route that always gives this response. */
    public static Route fixed(String method, String pattern, ClientResponse response) {
        return of(method, pattern, request -> CompletableFuture.completedFuture(response));
    }

    /** What stands in the place of the variable if the path matches; "" if there is no variable. */
    Optional<String> match(String path) {
        if (!variable) {
            return path.equals(prefix) ? Optional.of("") : Optional.empty();
        }
        boolean fits =
                path.length() >= prefix.length() + suffix.length() && path.startsWith(prefix) && path.endsWith(suffix);
        return fits ? Optional.of(path.substring(prefix.length(), path.length() - suffix.length())) : Optional.empty();
    }
}
