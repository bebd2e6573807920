package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private final EmbeddedChannel client = new EmbeddedChannel();
    private final List<HttpContent> taken = new ArrayList<>();

    private static HttpContent piece(String text) {
        return new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static HttpContent last(String text) {
        return new DefaultLastHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        taken.forEach(content -> text.append(content.content().toString(StandardCharsets.US_ASCII)));
        return text.toString();
    }

    @Test
    void piecesWhenNobodyHasAskedWaitInOrder() {
        RequestBody body = new RequestBody(client, false);
        body.offer(piece("ab"));
        body.offer(piece("cd"));
        body.drainTo(taken::add);
        body.offer(last("ef"));
        assertThat(text()).isEqualTo("abcdef");
        assertThat(body.isComplete()).isTrue();
    }

    @Test
    void clientWhenMuchWaitsIsNoLongerRead() {
        RequestBody body = new RequestBody(client, false);
        body.offer(piece("x".repeat(64 * 1024)));
        assertThat(client.config().isAutoRead()).isTrue();
        body.offer(piece("x"));
        assertThat(client.config().isAutoRead()).isFalse();
        body.drainTo(taken::add);
        assertThat(client.config().isAutoRead()).isTrue();
        assertThat(text()).hasSize(64 * 1024 + 1);
    }

    @Test
    void clientWhenItExpectsSoIsToldToContinueOnce() {
        RequestBody body = new RequestBody(client, true);
        assertThat(client.outboundMessages()).isEmpty();
        body.drainTo(taken::add);
        assertThat(((HttpResponse) client.readOutbound()).status().code()).isEqualTo(100);
        body.drainTo(taken::add);
        assertThat(client.outboundMessages()).isEmpty();
    }

    @Test
    void clientWhenItsBodyIsThereIsNotToldToContinue() {
        RequestBody body = new RequestBody(client, true);
        body.offer(last("abc"));
        body.drainTo(taken::add);
        assertThat(client.outboundMessages()).isEmpty();
    }

    @Test
    void bodyWhenItIsCutEndsAsBroken() {
        RequestBody body = new RequestBody(client, false);
        body.offer(piece("ab"));
        body.drainTo(taken::add);
        body.cut();
        assertThat(taken.get(1)).isInstanceOf(LastHttpContent.class);
        assertThat(taken.get(1).decoderResult().isFailure()).isTrue();
        assertThat(body.isComplete()).isTrue();
        body.cut();
        assertThat(taken).hasSize(2);
    }

    @Test
    void bodyWhenItIsWholeIsNotCut() {
        RequestBody body = new RequestBody(client, false);
        body.offer(last("ab"));
        body.cut();
        body.drainTo(taken::add);
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).decoderResult().isSuccess()).isTrue();
    }

    @Test
    void piecesWhenTheyAreDiscardedAreReleased() {
        RequestBody body = new RequestBody(client, false);
        HttpContent waiting = piece("x".repeat(70_000));
        HttpContent later = last("b");
        body.offer(waiting);
        body.discard();
        assertThat(client.config().isAutoRead()).isTrue();
        body.offer(later);
        assertThat(waiting.refCnt()).isZero();
        assertThat(later.refCnt()).isZero();
        assertThat(body.isComplete()).isTrue();
    }
}
