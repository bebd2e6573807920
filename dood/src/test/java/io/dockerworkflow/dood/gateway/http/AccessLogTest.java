package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {

    private static DefaultHttpRequest request(String uri) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, uri);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1.41/containers/create?name=db, /v1.41/containers/create?name=db",
        "/containers/json?all=1&filters=%7B%7D, /containers/json?all=1&...",
        "/build?t=a&buildargs=%7B%22P%22%3A%22pw%22%7D, /build?...",
        "/build?buildargs=a&pw=1, /build?...",
        "/images/create?fromSrc=http://u:pw@h/, /images/create?...",
        "http://u:pw@docker/_ping, /_ping",
        "/containers/a%0d%0a200%1b[1m/json, /containers/a%0D%0A200%1B%5B1m/json",
        "/containers/db/kill?signal=%0aX, /containers/db/kill?signal=%0AX",
        "/a%zz?pw, (malformed)",
        "pw, (malformed)",
    })
    void targetWhenLoggedIsOneLineWithoutSecrets(String uri, String logged) {
        assertThat(AccessLog.target(request(uri))).isEqualTo(logged);
    }

    @Test
    void targetWhenTheHeadIsMalformedIsNotLogged() {
        DefaultHttpRequest request = request("/pw");
        request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("pw")));
        assertThat(AccessLog.target(request)).isEqualTo("(malformed)");
    }
}
