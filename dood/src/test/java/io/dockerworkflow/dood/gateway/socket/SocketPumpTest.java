package io.dockerworkflow.dood.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.Wire;
import io.dockerworkflow.testsupport.Background;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
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
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two accepted connections, each with a peer, and a pump between them. */
@Timeout(20)
class SocketPumpTest {
    @TempDir
    private Path directory;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("socket-pump-test", true), NioIoHandler.newFactory());
    private final BlockingQueue<UnixChannel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private UnixDomainSocketAddress address;
    private Wire left;
    private Wire right;
    private UnixChannel first;
    private UnixChannel second;

    @BeforeEach
    void connect() throws Exception {
        address = UnixDomainSocketAddress.of(directory.resolve("a.sock"));
        new ServerBootstrap()
                .group(loops)
                .channelFactory(UnixServerChannel::new)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Listener());
                        accepted.add((UnixChannel) channel);
                    }
                })
                .bind(address)
                .syncUninterruptibly();
        left = new Wire(SocketChannel.open(address));
        first = accepted.take();
        right = new Wire(SocketChannel.open(address));
        second = accepted.take();
    }

    @AfterEach
    void stop() throws IOException {
        left.close();
        right.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private void onLoop(Runnable work) throws InterruptedException {
        first.eventLoop().submit(work).sync();
    }

    private static CompletableFuture<Void> send(Wire from, byte[] bytes) {
        return Background.run(() -> {
            try {
                from.send(bytes);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static byte[] random(int seed) {
        byte[] bytes = new byte[4 * 1024 * 1024];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void connectionsWhenTheyAreJoinedBringAllBothWays() throws Exception {
        onLoop(() -> SocketPump.join(first, second));
        CompletableFuture<Void> there = send(left, random(1));
        CompletableFuture<Void> back = send(right, random(2));
        assertThat(Arrays.equals(right.exactly(random(1).length), random(1))).isTrue();
        assertThat(Arrays.equals(left.exactly(random(2).length), random(2))).isTrue();
        ScriptedEngine.await(there);
        ScriptedEngine.await(back);
        assertThat(heard).as("by the pipelines").isEmpty();
    }

    @Test
    void endWhenConnectionsAreJoinedIsThePipelines() throws Exception {
        onLoop(() -> SocketPump.join(first, second));
        left.send("last");
        left.endOutput();
        assertThat(right.exactly(4)).asString().isEqualTo("last");
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("input ended");
        right.send("answer");
        assertThat(left.exactly(6)).asString().isEqualTo("answer");
    }

    @Test
    void bytesWhenTheTakerLeavesThemAreThePipelines() throws Exception {
        SocketPump pump = new SocketPump(first, second, (bytes, open) -> open.write(bytes.readRetainedSlice(2)));
        onLoop(pump::open);
        left.send("abcd");
        assertThat(right.exactly(2)).asString().isEqualTo("ab");
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("cd");
        onLoop(() -> assertThat(pump.isOpen()).isFalse());
        left.send("ef");
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("ef");
    }

    @Test
    void bytesWhenThePumpHasEndedAreThePipelines() throws Exception {
        SocketPump pump = new SocketPump(
                first, second, (bytes, open) -> open.write(bytes.readRetainedSlice(bytes.readableBytes())));
        onLoop(pump::open);
        onLoop(() -> {
            pump.end();
            pump.end();
        });
        left.send("abc");
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("abc");
    }

    @Test
    void senderWhenTheReceiverDoesNotReadIsNotRead() throws Exception {
        onLoop(() -> SocketPump.join(first, second));
        CompletableFuture<Void> sending = send(left, random(1));
        Awaitility.await().until(() -> !first.config().isAutoRead());
        assertThat(sending).isNotDone();
        assertThat(Arrays.equals(right.exactly(random(1).length), random(1))).isTrue();
        ScriptedEngine.await(sending);
        Awaitility.await().until(() -> first.config().isAutoRead());
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
    }
}
