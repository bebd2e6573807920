package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    /** Answers with the pattern's number, the version and the variable. */
    private static Route route(String method, String pattern, int number) {
        return Route.of(
                method,
                pattern,
                clientRequest -> CompletableFuture.completedFuture(ClientResponse.error(
                        200,
                        number + " at " + clientRequest.version() + " with [" + clientRequest.variable() + "] of "
                                + clientRequest.path())));
    }

    private final SessionContext session = new SessionContext();
    private final RouteTable routes = new RouteTable(
            session.context(),
            List.of(
                    route("GET", "/containers/json", 1),
                    route("GET", "/containers/{name}/json", 2),
                    route("GET", "/images/{name}/json", 3),
                    route("GET", "/images/json", 4),
                    route("DELETE", "/containers/{name}", 5)));

    @AfterEach
    void close() {
        session.close();
    }

    private static HttpRequest request(String method, String uri) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri);
    }

    private ClientResponse.Full handle(String method, String uri) {
        return (ClientResponse.Full)
                routes.handle(request(method, uri), session.loop(), new RequestBody(new EmbeddedChannel(), false))
                        .toCompletableFuture()
                        .join();
    }

    private String said(String method, String uri) {
        return ApiJson.errorMessage(handle(method, uri).body());
    }

    @Nested
    class Handle {
        @ParameterizedTest
        @CsvSource({
            "GET, /containers/json, 1 at 1.41 with [] of /containers/json",
            "GET, /v1.40/containers/json, 1 at 1.40 with [] of /containers/json",
            "GET, /v1.40/containers/db/json?size=1, 2 at 1.40 with [db] of /containers/db/json",
            "GET, /containers/a%2Fb/json, 2 at 1.41 with [a/b] of /containers/a/b/json",
            "GET, /images/r:5000/a/b:1/json, 3 at 1.41 with [r:5000/a/b:1] of /images/r:5000/a/b:1/json",
            "GET, /images/json, 4 at 1.41 with [] of /images/json",
            "DELETE, /v1.41/containers/a/b, 5 at 1.41 with [a/b] of /containers/a/b",
            "DELETE, /containers/, 5 at 1.41 with [] of /containers/",
        })
        void requestIsTheFirstRoutesThatFits(String method, String uri, String said) {
            assertThat(said(method, uri)).isEqualTo(said);
        }

        @ParameterizedTest
        @CsvSource({
            "POST, /containers/json",
            "PATCH, /containers/json",
            "GET, /containers/json/",
            "GET, /containers",
            "GET, /containersjson",
            "GET, /v1.41/v1.41/containers/json",
            "GET, /v1.41",
            "GET, /",
        })
        void requestWhenNoRouteFitsIsNotFound(String method, String uri) {
            assertThatThrownBy(() -> handle(method, uri))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(404))
                    .hasMessage("page not found");
        }
    }

    @Nested
    class Version {
        /** The words are those of moby's {@code server/middleware/version.go}. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "1.42|client version 1.42 is too new. Maximum supported API version is 1.41",
                    "2.0|client version 2.0 is too new. Maximum supported API version is 1.41",
                    "1.11|client version 1.11 is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version",
                    "1|invalid API version: 1",
                    "1.2.3|invalid API version: 1.2.3",
                    ".|invalid API version: .",
                })
        void versionWhenTheEngineHasItNotIsRefused(String version, String said) {
            assertThatThrownBy(() -> handle("GET", "/v" + version + "/containers/json"))
                    .isInstanceOf(ApiException.class)
                    .hasMessage(said);
        }

        @Test
        void versionWhenItIsOlderThanTheGatewaysIsServedAsThat() {
            assertThat(said("GET", "/v1.22/containers/json")).startsWith("1 at 1.24 ");
            assertThat(said("GET", "/v1.24/containers/json")).startsWith("1 at 1.24 ");
        }

        @Test
        void versionWhenNoRouteFitsDoesNotMatter() {
            assertThatThrownBy(() -> handle("GET", "/v9.99/nothing")).hasMessage("page not found");
        }
    }

    @Nested
    class Redirect {
        /** As gorilla/mux, which the daemon routes by, cleans a path. */
        @ParameterizedTest
        @CsvSource({
            "/v1.41//containers/json?all=1, /v1.41/containers/json?all=1",
            "/containers/../info, /info",
            "/containers/./json, /containers/json",
            "/containers/%2e%2e/%2e%2e/x, /x",
            "/..//.., /",
            "//other/containers/json, /other/containers/json",
        })
        void pathWhenItIsNotCleanIsRedirected(String uri, String location) {
            ClientResponse.Full response = handle("GET", uri);
            assertThat(response.status()).isEqualTo(301);
            assertThat(response.headers().get("Location")).isEqualTo(location);
            assertThat(response.body()).isEmpty();
        }

        @Test
        void pathWhenItHasControlCharactersIsRedirectedEncoded() {
            assertThat(handle("GET", "//a%0d%0aSet-Cookie:%20b").headers().get("Location"))
                    .isEqualTo("/a%0D%0ASet-Cookie:%20b");
            assertThat(handle("GET", "//a%00b").status()).isEqualTo(301);
        }
    }

    @Nested
    class Find {
        @Test
        void routeIsFoundByWhatTheRequestSays() {
            assertThat(routes.find(request("GET", "/v1.99/containers/db/json")))
                    .map(Route::pattern)
                    .contains("/containers/{name}/json");
            assertThat(routes.hasMethod(request("DELETE", "/any"))).isTrue();
            assertThat(routes.hasMethod(request("BREW", "/any"))).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"/nothing", "//containers/json", "*", "/containers/%zz/json"})
        void routeWhenThereIsNoneIsEmpty(String uri) {
            assertThat(routes.find(request("GET", uri))).isEmpty();
        }

        @Test
        void routeWhenTheRequestCouldNotBeReadIsEmpty() {
            HttpRequest request = request("GET", "/containers/json");
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException()));
            assertThat(routes.find(request)).isEmpty();
            assertThat(routes.hasMethod(request)).isFalse();
        }
    }
}
