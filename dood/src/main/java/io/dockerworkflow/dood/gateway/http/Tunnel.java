package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.EngineResponseListener;
import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.socket.HalfClosable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/**
 * A connection that was taken over by raw bytes. The end of one direction is passed on as the end of that direction only, so
 * that a process sees the end of its input and can still answer.
 */
final class Tunnel implements EngineResponseListener {
    private final Channel client;
    private final PooledConnection engine;
    private boolean clientEnded;
    private boolean engineEnded;

    Tunnel(Channel client, PooledConnection engine) {
        this.client = client;
        this.engine = engine;
    }

    void fromClient(ByteBuf bytes) {
        engine.writeRaw(bytes);
        client.config().setAutoRead(engine.isWritable());
    }

    void clientInputClosed() {
        clientEnded = true;
        engine.closeOutput();
        closeIfEnded();
    }

    void clientGone() {
        if (!isEnded()) {
            engine.close();
        }
    }

    void clientWritabilityChanged() {
        engine.read(client.isWritable());
    }

    @Override
    public void raw(ByteBuf bytes) {
        client.write(bytes).addListener((ChannelFutureListener) future -> {
            if (!future.isSuccess()) {
                future.channel().close();
            }
        });
        if (!client.isWritable()) {
            engine.read(false);
        }
    }

    @Override
    public void readComplete() {
        client.flush();
    }

    @Override
    public void inputClosed() {
        if (engineEnded) {
            return;
        }
        engineEnded = true;
        HalfClosable.endOutput(client);
        closeIfEnded();
    }

    @Override
    public void failed(Throwable cause) {
        client.close();
    }

    @Override
    public void writabilityChanged() {
        client.config().setAutoRead(engine.isWritable());
    }

    @Override
    public void head(HttpResponse head) {
        // no longer HTTP
    }

    @Override
    public void content(HttpContent content) {
        content.release();
    }

    private boolean isEnded() {
        return clientEnded && engineEnded;
    }

    private void closeIfEnded() {
        if (isEnded()) {
            // What either side has sent before its end may still be under way to the other.
            engine.closeAfterWrites();
            client.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
