package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon's router has {@code /v{version:[0-9.]+}} before each of its paths, and gorilla/mux redirects to clean ones. */
class RequestTargetTest {

    @ParameterizedTest
    @CsvSource({
        "/info, '', /info",
        "/v1.41/info, 1.41, /info",
        "/v1.41/, 1.41, /",
        "/v1/info, 1, /info",
        "/v1.41.5/info, 1.41.5, /info",
        "/v.../info, ..., /info",
        "/v1.41, '', /v1.41",
        "/v/info, '', /v/info",
        "/version, '', /version",
        "/v1.41/version, 1.41, /version",
        "/v1.41/v1.40/info, 1.41, /v1.40/info",
        "/v1.4x/info, '', /v1.4x/info",
        "/%761.41/info, 1.41, /info",
        "/v1.41/containers/a%2Fb/json, 1.41, /containers/a/b/json",
        "/v1.41/containers/a%20b+c/json, 1.41, /containers/a b+c/json",
        "http://docker/v1.41/info, 1.41, /info",
        "http://docker:2375/_ping, '', /_ping",
        "/, '', /",
    })
    void targetWhenItHasAVersionIsReadWithoutIt(String uri, String version, String path) {
        RequestTarget target = RequestTarget.parse(uri);
        assertThat(target.version().orElse("")).isEqualTo(version);
        assertThat(target.path()).isEqualTo(path);
        assertThat(target.clean()).isTrue();
    }

    @Test
    void queryIsBehindTheFirstQuestionMark() {
        RequestTarget target = RequestTarget.parse("/v1.41/containers/json?all=1&name=a?b/../c");
        assertThat(target.path()).isEqualTo("/containers/json");
        assertThat(target.query().get("all")).isEqualTo("1");
        assertThat(target.query().get("name")).isEqualTo("a?b/../c");
        assertThat(target.clean()).isTrue();
        assertThat(RequestTarget.parse("/a%3Fb=1").query().names()).isEmpty();
        assertThat(RequestTarget.parse("/info?").query().names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//info",
                "/v1.41//info",
                "/containers/../info",
                "/containers/./json",
                "/containers/..",
                "/containers/.",
                "/containers/%2e%2e/info",
                "/containers/..%2finfo",
                "/%2fcontainers/json",
                "/..",
                "/v1.41/../info",
            })
    void targetWhenThePathCouldBeShorterIsNotClean(String uri) {
        assertThat(RequestTarget.parse(uri).clean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/containers/..a/json", "/containers/a../json", "/containers/.a", "/containers/", "/.../a"})
    void targetWhenItsDotsAreOfANameIsClean(String uri) {
        assertThat(RequestTarget.parse(uri).clean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "info", "docker:2375", "http://docker", "?a=1"})
    void targetWhenItHasNoPathIsRefused(String uri) {
        assertThatThrownBy(() -> RequestTarget.parse(uri))
                .isInstanceOf(ApiException.class)
                .hasMessage("malformed request target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%", "/a%zz", "/a?b=%1"})
    void targetWhenAnEscapeIsMalformedIsRefused(String uri) {
        assertThatThrownBy(() -> RequestTarget.parse(uri)).hasMessage("invalid URL escape");
    }
}
