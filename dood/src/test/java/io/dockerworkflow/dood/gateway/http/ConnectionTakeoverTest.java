package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

class ConnectionTakeoverTest {
    @Test
    void headIsOfATakeoverByAnUpgradeOrWithoutALength() {
        assertThat(isBegun(head(101, "Upgrade", "tcp"))).isTrue();
        assertThat(isBegun(head(200, "Content-Type", "application/vnd.docker.raw-stream")))
                .isTrue();
        assertThat(isBegun(head(200, "Content-Length", "0"))).isFalse();
        assertThat(isBegun(head(200, "Transfer-Encoding", "chunked"))).isFalse();
        assertThat(isBegun(head(204, "X", "y"))).isFalse();
    }

    private static boolean isBegun(HttpResponse head) {
        return ConnectionTakeover.isBegunBy(head, new ClientResponse.Filter.Hijack());
    }

    @Test
    void headWhenNoTakeoverWasAskedForBeginsNone() {
        HttpResponse switched = head(101, "Upgrade", "h2c");
        assertThat(ConnectionTakeover.isBegunBy(switched, new ClientResponse.Filter.Raw()))
                .isFalse();
        assertThat(ConnectionTakeover.isBegunBy(switched, new ClientResponse.Filter.Upgrade((client, engine) -> {})))
                .isTrue();
        assertThat(ConnectionTakeover.isBegunBy(
                        head(200, "X", "y"), new ClientResponse.Filter.Upgrade((client, engine) -> {})))
                .isFalse();
    }

    private static HttpResponse head(int status, String name, String value) {
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), new DefaultHttpHeaders().set(name, value));
    }
}
