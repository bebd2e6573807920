package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRequestsTest {
    private static final String PING = "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n";

    private final ClientRequests requests = new ClientRequests();

    private boolean after(String sent) {
        requests.accept(ByteBuffer.wrap(sent.getBytes(StandardCharsets.ISO_8859_1)));
        return requests.working();
    }

    private boolean afterEachByteOf(String sent) {
        sent.chars().forEach(c -> after(String.valueOf((char) c)));
        return requests.working();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1.41/images/create?fromImage=app&tag=1 HTTP/1.1",
                "POST /images/create HTTP/1.1",
                "POST /v1.41/build?t=app HTTP/1.1",
                "POST /v1.41/images/r:5000/team/app/push?tag=1 HTTP/1.1",
                "POST /session HTTP/1.1",
                "POST /v1.51/grpc HTTP/1.1"
            })
    void workingWhenTheRequestIsAPullPushOrBuild(String request) {
        assertThat(after(PING)).isFalse();
        assertThat(after(request + "\r\n")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1.41/images/create/json HTTP/1.1",
                "POST /v1.41/containers/create?name=build HTTP/1.1",
                "POST /v1.41/build/prune HTTP/1.1",
                "POST /v1.41/containers/x/wait HTTP/1.1"
            })
    void workingWhenTheRequestIsAnotherIsFalse(String request) {
        assertThat(after(request + "\r\n\r\n")).isFalse();
    }

    @Test
    void workingWhenAnotherRequestFollowsABodyIsOver() {
        String body = "x".repeat(20) + "\r\n\r\nPOST /build HTTP/1.1\r\n";
        assertThat(afterEachByteOf(
                        "POST /images/create HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .isTrue();
        assertThat(afterEachByteOf(PING)).isFalse();
        assertThat(afterEachByteOf("PUT /x HTTP/1.1\r\ncontent-length:" + body.length() + "\r\n\r\n" + body))
                .isFalse();
        assertThat(after("POST /build HTTP/1.1\r\n")).isTrue();
    }

    @Test
    void workingWhenAnotherRequestFollowsChunksIsOver() {
        String chunks = "12;x=y\r\nPOST /b HTTP/1.1\r\n\r\n3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n";
        String build = "POST /build HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(after(build + chunks)).isTrue();
        assertThat(after(PING)).isFalse();
        assertThat(afterEachByteOf(build + chunks)).isTrue();
        assertThat(afterEachByteOf(PING)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1.41/containers/x/attach?stdin=1 HTTP/1.1\r\n\r\n",
                "POST /exec/x/start HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                "GET /anything HTTP/1.1\r\nUpgrade: tcp\r\n\r\n"
            })
    void workingWhenTheConnectionIsAStreamReadsNothingOfIt(String request) {
        assertThat(after(request + "POST /build HTTP/1.1\r\n\r\n")).isFalse();
    }

    @Test
    void workingWhenItIsNoHttpIsFalse() {
        assertThat(after("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\nPOST /build HTTP/1.1\r\n"))
                .isFalse();
        assertThat(new ClientRequests().working()).isFalse();
    }
}
