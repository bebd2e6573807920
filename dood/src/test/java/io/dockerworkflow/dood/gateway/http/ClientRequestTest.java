package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.protocol.RequestTarget;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.dockerworkflow.dood.testsupport.Trees;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRequestTest {
    private final HttpHeaders headers =
            new DefaultHttpHeaders().set("Host", "here").set("X-Registry-Auth", "secret");
    private final RequestBody body = new RequestBody(new EmbeddedChannel(), false);
    private final ClientRequest request = new ClientRequest(
            HttpMethod.POST,
            headers,
            RequestTarget.parse("/v1.40/containers/db/attach?stream=1"),
            new ApiVersion(1, 40),
            "db",
            null, // the event loop
            null, // the engine
            body);

    @Nested
    class Forward {
        @Test
        void requestWithoutABodyHasNoLength() {
            headers.set("Content-Length", "0");
            ClientResponse.Forward forward = request.forward(
                    "/containers/a%20b/attach", request.query().copy().set("x", "ä"));
            assertThat(forward.request().uri()).isEqualTo("/v1.40/containers/a%20b/attach?stream=1&x=%C3%A4");
            assertThat(forward.request().method()).isEqualTo(HttpMethod.POST);
            assertThat(forward.bodyFollows()).isFalse();
            assertThat(forward.request().headers().names()).containsExactly("X-Registry-Auth");
        }

        @Test
        void requestWithABodyKeepsItsLength() {
            headers.set("Content-Length", "5");
            ClientResponse.Forward forward = request.forward("/a", new Query());
            assertThat(forward.bodyFollows()).isTrue();
            assertThat(forward.request().headers().get("Content-Length")).isEqualTo("5");
            assertThat(forward.request().headers().contains("Transfer-Encoding"))
                    .isFalse();
            ClientResponse.Forward changed = forward.through(ByteTransform.NONE);
            assertThat(changed.request().headers().contains("Content-Length")).isFalse();
            assertThat(changed.request().headers().get("Transfer-Encoding")).isEqualTo("chunked");
        }

        @Test
        void requestWithChunksStaysChunked() {
            headers.set("Transfer-Encoding", "chunked");
            ClientResponse.Forward forward = request.forward("/a", new Query());
            assertThat(forward.bodyFollows()).isTrue();
            assertThat(forward.request().headers().get("Transfer-Encoding")).isEqualTo("chunked");
        }

        @Test
        void requestWithoutABodyIsNotChangedByATransform() {
            ClientResponse.Forward forward = request.forward("/a", new Query());
            assertThat(forward.through(ByteTransform.NONE)).isSameAs(forward);
        }

        @Test
        void requestWithADocumentHasNoBodyOfTheClients() {
            headers.set("Content-Length", "5").set("Content-Type", "text/plain");
            ClientResponse.Forward forward = request.forward("/a", new Query(), Trees.object("{'a':1}"));
            assertThat(forward.bodyFollows()).isFalse();
            assertThat(forward.request().body().orElseThrow())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("{\"a\":1}");
            assertThat(forward.request().headers().getAll("Content-Type")).containsExactly("application/json");
            assertThat(forward.request().headers().contains("Content-Length")).isFalse();
        }

        @Test
        void requestWithoutTheClientsBodyHasNoType() {
            headers.set("Content-Length", "5").set("Content-Type", "application/json");
            ClientResponse.Forward forward = request.forwardWithoutBody("/a", new Query());
            assertThat(forward.bodyFollows()).isFalse();
            assertThat(forward.request().headers().names()).containsExactly("X-Registry-Auth");
        }

        /** The daemon's ParseForm would merge such a body into the query. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "application/x-www-form-urlencoded",
                    "Application/X-WWW-Form-Urlencoded; charset=utf-8",
                    "multipart/form-data; boundary=x"
                })
        void requestWithAFormHasNoType(String type) {
            headers.set("Content-Type", type).set("Content-Length", "5");
            assertThat(request.forward("/a", new Query()).request().headers().contains("Content-Type"))
                    .isFalse();
        }
    }

    @Nested
    class Hijack {
        @Test
        void requestWhenItAsksForAnUpgradeKeepsThat() {
            headers.set("Connection", "Upgrade").add("Upgrade", "tcp").add("Upgrade", "h2c");
            ClientResponse.Forward forward = request.hijack(request.forward("/a", new Query()));
            assertThat(forward.filter()).isInstanceOf(ClientResponse.Filter.Hijack.class);
            assertThat(forward.request().headers().get("Connection")).isEqualTo("Upgrade");
            assertThat(forward.request().headers().getAll("Upgrade")).containsExactly("tcp", "h2c");
        }

        @Test
        void requestWhenItAsksForNoneHasNone() {
            ClientResponse.Forward forward = request.hijack(request.forward("/a", new Query()));
            assertThat(forward.request().headers().contains("Upgrade")).isFalse();
        }
    }

    @Nested
    class Body {
        private void offer(String text) {
            body.offer(new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
        }

        @Test
        void bodyWhenItIsWholeIsRead() {
            var json = request.json().toCompletableFuture();
            offer("{\"a\":");
            offer("1}");
            assertThat(json).isNotDone();
            body.offer(LastHttpContent.EMPTY_LAST_CONTENT);
            assertThat(Trees.text(json.join())).isEqualTo("{'a':1}");
        }

        @Test
        void bodyWhenItIsEmptyIsAnEmptyObject() {
            body.offer(LastHttpContent.EMPTY_LAST_CONTENT);
            assertThat(Trees.text(request.json().toCompletableFuture().join())).isEqualTo("{}");
        }

        @Test
        void bodyWhenItIsCutIsRefused() {
            offer("{}");
            body.cut();
            assertThatThrownBy(() -> request.json().toCompletableFuture().join())
                    .hasRootCauseMessage("malformed request body");
        }

        @Test
        void bodyWhenItCannotBeDecodedIsRefused() {
            DefaultLastHttpContent broken =
                    new DefaultLastHttpContent(Unpooled.copiedBuffer("x", StandardCharsets.UTF_8));
            broken.setDecoderResult(DecoderResult.failure(new IllegalArgumentException()));
            body.offer(broken);
            assertThatThrownBy(() -> request.bytes().toCompletableFuture().join())
                    .hasRootCauseMessage("malformed request body");
            assertThat(broken.refCnt()).isZero();
        }

        @Test
        void bodyWhenItIsTooLargeIsRefused() {
            var bytes = request.bytes().toCompletableFuture();
            byte[] mebibyte = new byte[1024 * 1024];
            for (int i = 0; i < 16; i++) {
                body.offer(new DefaultHttpContent(Unpooled.wrappedBuffer(mebibyte)));
            }
            assertThat(bytes).isNotDone();
            offer("x");
            assertThatThrownBy(bytes::join)
                    .hasCauseInstanceOf(ApiException.class)
                    .hasRootCauseMessage("http: request body too large");
        }
    }

    @Test
    void versionIsThatOfTheClientOrANewerOne() {
        assertThat(request.versioned("/a")).isEqualTo("/v1.40/a");
        assertThat(request.atLeast(new ApiVersion(1, 41))).hasToString("1.41");
        assertThat(request.atLeast(new ApiVersion(1, 39))).hasToString("1.40");
        assertThat(request.path()).isEqualTo("/containers/db/attach");
        assertThat(request.variable()).isEqualTo("db");
    }
}
