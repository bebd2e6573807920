package io.dockerworkflow.dood.gateway.buildkit.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What comes before it is known who reads it is neither lost nor out of order. */
class EarlyBytesTest {
    private final EmbeddedChannel client = new EmbeddedChannel();
    private final EmbeddedChannel engine = new EmbeddedChannel();
    private final CompletableFuture<Boolean> known = new CompletableFuture<>();

    private static ByteBuf bytes(String text) {
        return ByteBufUtil.writeAscii(Unpooled.buffer().alloc(), text);
    }

    private static String read(EmbeddedChannel channel) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
            all.append(bytes.toString(StandardCharsets.US_ASCII)).append(' ');
            bytes.release();
        }
        return all.toString();
    }

    private void hold() {
        EarlyBytes.until(known, client, engine, () -> {
            client.pipeline().addLast(new ChannelInboundHandlerAdapter());
            engine.pipeline().addLast(new ChannelInboundHandlerAdapter());
        });
    }

    @Test
    void bytesWhenItIsKnownComeInTheirOrder() {
        hold();
        client.writeInbound(bytes("c1"), bytes("c2"));
        engine.writeInbound(bytes("e1"));
        assertThat(read(client) + read(engine)).isEmpty();
        assertThat(client.config().isAutoRead())
                .as("more is left to the sender")
                .isFalse();
        known.complete(true);
        client.runPendingTasks();
        assertThat(client.config().isAutoRead()).isTrue();
        client.writeInbound(bytes("c3"));
        assertThat(read(client)).isEqualTo("c1 c2 c3 ");
        assertThat(read(engine)).isEqualTo("e1 ");
    }

    @Test
    void bytesWhenTheOtherSideGoesAreReleased() {
        hold();
        ByteBuf held = bytes("c1");
        client.writeInbound(held);
        engine.close();
        assertThat(client.isOpen()).isFalse();
        assertThat(held.refCnt()).isZero();
        known.complete(true);
        client.runPendingTasks();
        assertThat(read(client)).isEmpty();
    }
}
