package io.dockerworkflow.dood.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.Wire;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Accepted channels of a {@link UnixServerChannel}, against plain sockets of the JDK. */
@Timeout(20)
class UnixChannelTest {
    @TempDir
    private Path directory;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("unix-channel-test", true), NioIoHandler.newFactory());
    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Channel server;
    private Wire peer;

    @BeforeEach
    void connect() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("a.sock"));
        server = new ServerBootstrap()
                .group(loops)
                .channelFactory(UnixServerChannel::new)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Listener());
                        accepted.complete(channel);
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
        peer = new Wire(SocketChannel.open(address));
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private UnixChannel channel() {
        return (UnixChannel) ScriptedEngine.await(accepted);
    }

    private String next() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void channelWhenThePeerEndsItsOutputStillWrites() throws Exception {
        peer.send("all");
        assertThat(next()).isEqualTo("all");
        peer.endOutput();
        assertThat(next()).isEqualTo("input ended");
        assertThat(channel().isActive()).isTrue();
        channel()
                .writeAndFlush(Unpooled.copiedBuffer("answer", StandardCharsets.US_ASCII))
                .sync();
        assertThat(peer.exactly(6)).asString().isEqualTo("answer");
        channel().close().sync();
        assertThat(peer.rest()).isEmpty();
        assertThat(next()).isEqualTo("inactive");
    }

    @Test
    void channelWhenItEndsItsOutputStillReads() throws Exception {
        channel().write(Unpooled.copiedBuffer("last words", StandardCharsets.US_ASCII));
        HalfClosable.endOutput(channel());
        assertThat(peer.rest()).as("what was written before goes first").isEqualTo("last words");
        peer.send("heard");
        assertThat(next()).isEqualTo("heard");
    }

    @Test
    void channelWhenThePeerDoesNotReadIsNotWritable() throws Exception {
        byte[] much = new byte[4 * 1024 * 1024];
        var written = channel().writeAndFlush(Unpooled.wrappedBuffer(much));
        channel().eventLoop().submit(() -> {}).sync();
        assertThat(written.isDone()).isFalse();
        assertThat(channel().isWritable()).isFalse();
        assertThat(peer.exactly(much.length)).hasSize(much.length);
        written.sync();
        assertThat(channel().isWritable()).isTrue();
    }

    @Test
    void bytesWhenTheyBypassThePipelineKeepTheirOrder() throws Exception {
        channel()
                .eventLoop()
                .submit(() -> {
                    channel().write(Unpooled.copiedBuffer("1", StandardCharsets.US_ASCII));
                    channel().writeBypassing(Unpooled.copiedBuffer("2", StandardCharsets.US_ASCII));
                    channel().writeAndFlush(Unpooled.copiedBuffer("3", StandardCharsets.US_ASCII));
                    channel().writeBypassing(Unpooled.copiedBuffer("4", StandardCharsets.US_ASCII));
                })
                .sync();
        assertThat(peer.exactly(4)).asString().isEqualTo("1234");
    }

    @Test
    void bytesWhenTheChannelIsBypassedAreNotThePipelines() throws Exception {
        channel()
                .eventLoop()
                .submit(() -> channel().bypass(socket -> {
                    ByteBuffer bytes = ByteBuffer.allocate(3);
                    if (socket.read(bytes) > 0) {
                        heard.add(
                                "bypass " + new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
                        channel().endBypass();
                    }
                    return true;
                }))
                .sync();
        peer.send("abc");
        assertThat(next()).isEqualTo("bypass abc");
        peer.send("def");
        assertThat(next()).isEqualTo("def");
    }

    @Test
    void channelsHaveIdsOfTheirOwn() throws IOException {
        assertThat(channel().id().asLongText()).isNotEqualTo(server.id().asLongText());
        assertThat(channel().id()).isNotEqualTo(server.id()).isEqualTo(channel().id());
        assertThat(channel().id().compareTo(channel().id())).isZero();
        assertThat(channel().id().asLongText()).startsWith(channel().id().asShortText());
    }

    private final class Listener extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            heard.add(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                heard.add("input ended");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            heard.add("inactive");
        }
    }
}
