package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

/** RFC 9110, 7.6.1: what an intermediary does not pass on. */
class HopByHopHeadersTest {
    private final HttpHeaders headers = new DefaultHttpHeaders()
            .add("Host", "docker")
            .add("Connection", "close, X-Mine")
            .add("connection", "x-other ,, Upgrade")
            .add("Keep-Alive", "timeout=5")
            .add("Upgrade", "tcp")
            .add("Proxy-Connection", "keep-alive")
            .add("TE", "trailers")
            .add("Transfer-Encoding", "chunked")
            .add("Trailer", "X-Sum")
            .add("Expect", "100-continue")
            .add("Content-Length", "5")
            .add("X-Mine", "1")
            .add("X-Other", "2")
            .add("X-Registry-Auth", "secret")
            .add("Content-Type", "application/json");

    @Test
    void requestKeepsWhatIsForTheEngine() {
        HopByHopHeaders.removeFromRequest(headers);
        assertThat(headers.names()).containsExactlyInAnyOrder("X-Registry-Auth", "Content-Type");
    }

    @Test
    void answerKeepsHowItsBodyComes() {
        HopByHopHeaders.removeFromResponse(headers);
        assertThat(headers.names())
                .contains("Transfer-Encoding", "Content-Length", "Content-Type", "X-Mine", "Trailer")
                .doesNotContain("Connection", "connection", "Keep-Alive", "Upgrade", "Proxy-Connection");
    }

    @Test
    void requestWhenConnectionNamesAHeaderOfTheEngineLosesIt() {
        // As a proxy is told to; a client can only take away from its own request.
        headers.add("Connection", "Content-Type");
        HopByHopHeaders.removeFromRequest(headers);
        assertThat(headers.names()).containsExactly("X-Registry-Auth");
    }
}
