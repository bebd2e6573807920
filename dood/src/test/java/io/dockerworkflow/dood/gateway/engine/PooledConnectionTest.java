package io.dockerworkflow.dood.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.gateway.socket.BusyPolling;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection, without a socket: what is sent, and what is told of what comes. */
class PooledConnectionTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EngineClient client = new EngineClient(
            new Endpoint.UnixSocket(Path.of("/none")),
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE),
            new BusyPolling.Loops());
    private final PooledConnection link = new PooledConnection(channel, client, new BusyPolling(System::nanoTime));
    private final Told told = new Told();

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private String sent() {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            sent.append(next.toString(StandardCharsets.ISO_8859_1));
            next.release();
        }
        return sent.toString();
    }

    private static DefaultHttpContent piece(String text) {
        return new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private boolean isIdle() {
        var again = client.acquire(channel.eventLoop(), true).toCompletableFuture();
        return again.isDone() && again.join() == link;
    }

    @Test
    void answerIsToldAndTheConnectionIsIdleThen() {
        link.send(EngineRequest.get("/a"), false, told);
        assertThat(sent()).isEqualTo("GET /a HTTP/1.1\r\nhost: docker\r\n\r\n");
        assertThat(link.isUsed()).isFalse();
        receive("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab");
        assertThat(told.words).containsExactly("200", "ab", "flush");
        receive("c");
        assertThat(told.words).containsExactly("200", "ab", "flush", "c.");
        assertThat(link.isUsed()).isTrue();
        assertThat(isIdle()).isTrue();
    }

    @Test
    void connectionWhenTheEngineWantsItsEndIsClosed() {
        link.send(EngineRequest.get("/a"), false, told);
        receive("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assertThat(told.words).containsExactly("200", ".");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void bodyFollowsPieceByPiece() {
        EngineRequest request = EngineRequest.of(HttpMethod.PUT, "/a");
        request.headers().set("Transfer-Encoding", "chunked");
        link.send(request, true, told);
        link.write(piece("abc"));
        assertThat(sent()).as("not flushed").isEmpty();
        link.flush();
        assertThat(sent())
                .isEqualTo("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nhost: docker\r\n\r\n3\r\nabc\r\n");
        link.write(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(sent()).isEqualTo("0\r\n\r\n");
    }

    @Test
    void connectionWhenTheAnswerComesBeforeTheBodyIsIdleAfterBoth() {
        EngineRequest request = EngineRequest.of(HttpMethod.PUT, "/a");
        request.headers().set("Transfer-Encoding", "chunked");
        link.send(request, true, told);
        receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(link.isUsed()).isFalse();
        link.write(new DefaultLastHttpContent(Unpooled.copiedBuffer("x", StandardCharsets.ISO_8859_1)));
        assertThat(link.isUsed()).isTrue();
        assertThat(isIdle()).isTrue();
    }

    @Test
    void connectionWhenItsOutputHasEndedIsNotUsedAgain() {
        link.send(EngineRequest.get("/a"), false, told);
        link.closeOutput();
        receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void bytesWhenNobodyHasAskedCloseTheConnection() {
        receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(channel.isActive()).isFalse();
        assertThat(told.words).isEmpty();
    }

    @Test
    void answerWhenItIsMalformedFails() {
        link.send(EngineRequest.get("/a"), false, told);
        receive("nonsense\r\n\r\n");
        assertThat(told.words).hasSize(1).first().asString().startsWith("failed ");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void requestWhenTheEngineEndsFailsOnce() {
        link.send(EngineRequest.get("/a"), false, told);
        receive("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.close();
        assertThat(told.words).containsExactly("200", "ab", "flush", "failed the engine closed the connection");
    }

    @Test
    void connectionWhenItIsTakenOverIsRaw() {
        link.send(EngineRequest.of(HttpMethod.POST, "/a"), false, new Told() {
            @Override
            public void head(HttpResponse head) {
                link.becomeTunnel(told);
            }
        });
        sent();
        receive("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nearly");
        receive("HTTP/1.1 200 OK\r\n\r\n");
        link.writeRaw(Unpooled.copiedBuffer("input", StandardCharsets.ISO_8859_1));
        assertThat(sent()).isEqualTo("input");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(told.words.stream().filter(word -> !word.equals("flush")))
                .containsExactly("raw early", "raw HTTP/1.1 200 OK\r\n\r\n", "input closed");
    }

    @Test
    void connectionWhenItIsClosedTellsNothingMore() {
        link.send(EngineRequest.get("/a"), false, told);
        link.close();
        assertThat(told.words).isEmpty();
        assertThat(channel.isActive()).isFalse();
    }

    /** Writes down what it hears. */
    private static class Told implements EngineResponseListener {
        private final List<String> words = new ArrayList<>();

        @Override
        public void head(HttpResponse head) {
            words.add(String.valueOf(head.status().code()));
        }

        @Override
        public void content(HttpContent content) {
            words.add(content.content().toString(StandardCharsets.ISO_8859_1)
                    + (content instanceof LastHttpContent ? "." : ""));
            content.release();
        }

        @Override
        public void raw(ByteBuf bytes) {
            words.add("raw " + bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }

        @Override
        public void inputClosed() {
            words.add("input closed");
        }

        @Override
        public void failed(Throwable cause) {
            words.add("failed " + cause.getMessage());
        }

        @Override
        public void writabilityChanged() {
            words.add("writability");
        }

        @Override
        public void readComplete() {
            words.add("flush");
        }
    }
}
