package io.dockerworkflow.dood.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;

/**
 * A connection that was taken over by raw bytes. The end of one direction is passed on as the end of that direction only, so
 * that a process sees the end of its input and can still answer.
 */
final class Tunnel implements EngineLink.Listener {
    private final Channel client;
    private final EngineLink engine;
    private boolean clientEnded;
    private boolean engineEnded;

    private Tunnel(Channel client, EngineLink engine) {
        this.client = client;
        this.engine = engine;
    }

    /** Whether what follows this head is no longer HTTP: by an upgrade, or, to a client that asked for none, without length. */
    static boolean isTakenOver(HttpResponse head) {
        return head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
                || head.status().equals(HttpResponseStatus.OK)
                        && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        && !HttpUtil.isTransferEncodingChunked(head);
    }

    /** Sends the head and takes over both connections; called while the engine's decoder tells that head. */
    static void open(Exchange exchange, EngineLink engine, HttpResponseStatus status, HttpHeaders headers) {
        Channel client = exchange.client();
        Tunnel tunnel = new Tunnel(client, engine);
        // The client's head first, then what the engine has sent behind its own; and the client's early bytes last,
        // when
        // there is no encoder of requests in their way any more.
        exchange.connection().sendTunnelHead(exchange, status, headers);
        engine.becomeTunnel(tunnel);
        exchange.connection().becomeTunnel(exchange, tunnel);
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
        engine.close();
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

    private void closeIfEnded() {
        if (clientEnded && engineEnded) {
            engine.close();
            client.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
