package io.dockerworkflow.dood.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineResponseDecoderTest {
    private final EngineResponseDecoder decoder = new EngineResponseDecoder();
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    /** Status, content, and a point for each end. */
    private String read() {
        StringBuilder read = new StringBuilder();
        for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
            if (next.decoderResult().isFailure()) {
                read.append("failed");
            } else if (next instanceof HttpResponse head) {
                read.append(head.status().code()).append(' ');
            }
            if (next instanceof HttpContent content) {
                read.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (next instanceof LastHttpContent) {
                read.append('.');
            }
            ReferenceCountUtil.release(next);
        }
        return read.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1000})
    void answersWhenTheyComeInPiecesAreTheSame(int size) {
        String text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
                + "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
                + "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        StringBuilder read = new StringBuilder();
        for (int at = 0; at < text.length(); at += size) {
            send(text.substring(at, Math.min(text.length(), at + size)));
            read.append(read());
        }
        assertThat(read).hasToString("200 abc.201 def.204 .404 .");
    }

    @Test
    void answerWhenItIsToHeadHasNoContent() {
        decoder.respondsTo(HttpMethod.HEAD);
        send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        assertThat(read()).isEqualTo("200 .");
        decoder.respondsTo(HttpMethod.GET);
        send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        assertThat(read()).isEqualTo("200 a.");
        decoder.respondsTo(HttpMethod.HEAD);
        send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(read()).isEqualTo("200 .");
    }

    @Test
    void answerWhenItHasNoLengthEndsWithTheConnection() {
        send("HTTP/1.1 200 OK\r\n\r\nabc");
        assertThat(read()).isEqualTo("200 abc");
        channel.finish();
        assertThat(read()).isEqualTo(".");
    }

    @Test
    void answerWhenItIsBrokenOffHasNoEnd() {
        send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab");
        channel.finish();
        assertThat(read()).isEqualTo("200 ab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"})
    void answerWhenItIsMalformedFails(String text) {
        send(text);
        assertThat(read()).startsWith("failed");
    }
}
