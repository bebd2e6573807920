package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialRequestDecoderTest {
    private final SerialRequestDecoder gate = new SerialRequestDecoder();
    private final EmbeddedChannel channel = new EmbeddedChannel(gate);

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    /** What came through, in words. */
    private List<String> read() {
        List<String> read = new ArrayList<>();
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            if (next instanceof HttpRequest request) {
                read.add(request.decoderResult().isFailure() ? "malformed" : request.method() + " " + request.uri());
            }
            if (next instanceof HttpContent content) {
                String text = content.content().toString(StandardCharsets.ISO_8859_1);
                read.add(text + (content instanceof LastHttpContent ? "." : ""));
            }
            if (next instanceof ByteBuf bytes) {
                read.add("raw " + bytes.toString(StandardCharsets.ISO_8859_1));
            }
            ReferenceCountUtil.release(next);
        }
        return read;
    }

    @Test
    void requestWhenAnotherFollowsComesAloneUntilTheGateOpens() {
        send("GET /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nxyGET /c");
        assertThat(read()).containsExactly("GET /a", ".");
        send(" HTTP/1.1\r\n\r\n");
        assertThat(read()).isEmpty();
        gate.open();
        assertThat(read()).containsExactly("POST /b", "xy.");
        gate.open();
        assertThat(read()).containsExactly("GET /c", ".");
        gate.open();
        assertThat(read()).isEmpty();
    }

    @Test
    void bytesWhenTheGateIsRemovedArePassedOnRaw() {
        send("POST /attach HTTP/1.1\r\n\r\nGET /not HTTP/1.1\r\n\r\n");
        assertThat(read()).containsExactly("POST /attach", ".");
        channel.pipeline().remove(gate);
        assertThat(read()).containsExactly("raw GET /not HTTP/1.1\r\n\r\n");
        send("more");
        assertThat(read()).containsExactly("raw more");
    }

    @Test
    void clientWhenItSendsMuchAheadIsNoLongerRead() {
        send("GET /a HTTP/1.1\r\n\r\n" + "x".repeat(64 * 1024));
        assertThat(channel.config().isAutoRead()).isTrue();
        send("x");
        assertThat(channel.config().isAutoRead()).isFalse();
        gate.open();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void bytesWhenTheClientEndsItsInputAreKept() {
        send("POST /attach HTTP/1.1\r\n\r\ninput");
        read();
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.pipeline().remove(gate);
        assertThat(read()).containsExactly("raw input");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void chunksWhenTheyComeInPiecesAreTheSame(int size) {
        String text =
                "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
        for (int at = 0; at < text.length(); at += size) {
            send(text.substring(at, Math.min(text.length(), at + size)));
        }
        List<String> read = read();
        assertThat(read.get(0)).isEqualTo("PUT /a");
        assertThat(String.join("", read.subList(1, read.size()))).isEqualTo("abcde.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
                "POST /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST /a HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
                "POST /a HTTP/1.1\r\nContent-Length: 1,2\r\n\r\na",
            })
    void requestWhenItsLengthIsAmbiguousIsMalformed(String request) {
        send(request + "GET /smuggled HTTP/1.1\r\n\r\n");
        List<String> read = read();
        assertThat(read).contains("malformed");
        gate.open();
        assertThat(read()).doesNotContain("GET /smuggled");
    }
}
