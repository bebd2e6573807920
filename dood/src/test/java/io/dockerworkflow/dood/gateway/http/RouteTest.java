package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
    private static Route route(String pattern) {
        return Route.fixed("GET", pattern, ClientResponse.empty(200));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/{name}/json, /a/b/json, b",
        "/a/{name}/json, /a/b/c/json, b/c",
        "/a/{name}/json, /a//json, ''",
        "/a/{name}/json, /a/json/json, json",
        "/a/{name}, /a/b/c, b/c",
        "/a/{name}, /a/, ''",
        "/a, /a, ''",
    })
    void variableIsWhatStandsBetween(String pattern, String path, String variable) {
        assertThat(route(pattern).match(path)).contains(variable);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/{name}/json, /a/json",
        "/a/{name}/json, /a/b/jsonx",
        "/a/{name}/json, /b/b/json",
        "/a/{name}, /a",
        "/a, /a/",
        "/a, /ab",
        "/a, ''",
    })
    void pathWhenItDoesNotFitHasNone(String pattern, String path) {
        assertThat(route(pattern).match(path)).isEmpty();
    }

    @Test
    void routeKnowsItsPattern() {
        Route route = Route.fixed("DELETE", "/a/{name}/b", ClientResponse.empty(200));
        assertThat(route.method().name()).isEqualTo("DELETE");
        assertThat(route.prefix()).isEqualTo("/a/");
        assertThat(route.suffix()).isEqualTo("/b");
        assertThat(route("/a").variable()).isFalse();
    }
}
