package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;

/** Holds back what comes over a connection until it is known who is to read it. */
public final class EarlyBytes extends ConnectionEnd {
    private final Deque<ByteBuf> held = new ArrayDeque<>();

    private EarlyBytes(Channel other) {
        super(other);
    }

    /**
     * Holds the bytes of two connections, which end together meanwhile.
     *
     * @param known completes when it is known, with a value
     * @param install installs who reads them; runs on their event loop
     */
    public static void until(CompletionStage<?> known, Channel client, Channel engine, Runnable install) {
        EarlyBytes ofClient = new EarlyBytes(engine);
        EarlyBytes ofEngine = new EarlyBytes(client);
        client.pipeline().addLast(ofClient);
        engine.pipeline().addLast(ofEngine);
        known.thenRun(() -> client.eventLoop().execute(() -> {
            if (client.isActive() && engine.isActive()) {
                install.run();
                ofEngine.release(engine);
                ofClient.release(client);
            }
        }));
    }

    private void release(Channel channel) {
        ChannelHandlerContext ctx = channel.pipeline().context(this);
        while (!held.isEmpty()) {
            ctx.fireChannelRead(held.remove());
        }
        ctx.fireChannelReadComplete();
        channel.pipeline().remove(this);
        channel.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            held.add(bytes);
            ctx.channel().config().setAutoRead(false);
        } else {
            super.channelRead(ctx, message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        super.channelInactive(ctx);
    }
}
