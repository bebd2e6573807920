package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.SessionId;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestWatchTest {
    private static final SessionId SESSION = new SessionId("01234567");

    private final List<ServedRequest> served = new ArrayList<>();
    // Only the table's handling of requests needs what a gateway has.
    private final RouteTable routes =
            new RouteTable(null, List.of(Route.fixed("POST", "/things/{name}", ClientResponse.empty(200))));
    private final EmbeddedChannel channel = new EmbeddedChannel(
            RequestWatch.of(SESSION, routes, Optional.of(served::add)).orElseThrow());

    private void begin(String uri) {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, uri));
    }

    private static DefaultFullHttpResponse full(HttpResponseStatus status, String body) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    }

    @Test
    void watchWhenNobodyWantsToKnowIsNotThere() {
        // The access log is off in this module's tests, as it is by default.
        assertThat(RequestWatch.of(SESSION, routes, Optional.empty())).isEmpty();
    }

    @Test
    void requestWhenItIsToldToContinueIsNotAnsweredByThat() {
        begin("/v1.41/things/a/b");
        channel.writeOutbound(full(HttpResponseStatus.CONTINUE, ""));
        assertThat(served).isEmpty();
        channel.writeInbound(new DefaultHttpContent(Unpooled.copiedBuffer("abc", StandardCharsets.UTF_8)));
        channel.writeOutbound(full(HttpResponseStatus.CREATED, "xy"));
        assertThat(served).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.route()).isEqualTo("/things/{name}");
            assertThat(request.status()).isEqualTo(201);
            assertThat(request.bytesIn()).isEqualTo(3);
            assertThat(request.bytesOut()).isEqualTo(2);
        });
    }

    @Test
    void requestWhenTheAnswerIsBrokenOffEndsOnceWithItsStatus() {
        begin("/things/a");
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        channel.close();
        assertThat(served).extracting(ServedRequest::status).containsExactly(200);
    }

    @Test
    void requestWhenTheConnectionEndsBeforeAnAnswerHasNoStatus() {
        begin("/things/a");
        channel.close();
        assertThat(served).singleElement().satisfies(request -> {
            assertThat(request.status()).isZero();
            assertThat(request.nanosUntilHead()).isEqualTo(request.nanosUntilEnd());
        });
    }

    @Test
    void requestWhenAnotherFollowsOnTheConnectionStartsAnew() {
        begin("/things/a");
        channel.pipeline().get(RequestWatch.class).markRefused();
        channel.writeOutbound(full(HttpResponseStatus.FORBIDDEN, "no"));
        begin("/other");
        channel.writeOutbound(
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND),
                LastHttpContent.EMPTY_LAST_CONTENT);
        channel.close();
        assertThat(served).extracting(ServedRequest::refused).containsExactly(true, false);
        assertThat(served).extracting(ServedRequest::route).containsExactly("/things/{name}", "");
        assertThat(served).extracting(ServedRequest::bytesOut).containsExactly(2L, 0L);
    }

    @Test
    void requestWhenItIsMalformedHasNeitherMethodNorRoute() {
        DefaultHttpRequest bad = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/things/a");
        bad.setDecoderResult(DecoderResult.failure(new IllegalArgumentException()));
        channel.writeInbound(bad);
        channel.writeOutbound(full(HttpResponseStatus.BAD_REQUEST, ""));
        assertThat(served).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("other");
            assertThat(request.route()).isEmpty();
        });
    }
}
