package io.dockerworkflow.examples.benchmark.gateway;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Many clients that follow the log of one container, on one thread. Whoever opens them closes them. */
final class FollowStreams implements Closeable {
    private static final int SECONDS = 60;

    /** Says "ready", and "line" whenever it gets SIGUSR1. */
    static final String PROGRAM = "trap 'echo line' USR1; echo ready; while :; do sleep 3600 & wait $!; done";

    private final Selector selector;
    private final List<Follower> followers = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);

    private record Follower(SocketChannel channel, ByteArrayOutputStream received) {
        boolean has(String text) {
            return received.toString(StandardCharsets.ISO_8859_1).contains(text);
        }
    }

    private FollowStreams(Selector selector) {
        this.selector = selector;
    }

    /** Opens so many streams; each has got the container's first line when this returns. */
    static FollowStreams open(Path socket, String container, int count) throws IOException {
        FollowStreams streams = new FollowStreams(Selector.open());
        try {
            byte[] request = ("GET /containers/" + container
                            + "/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: docker\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                Follower follower = new Follower(channel, new ByteArrayOutputStream());
                streams.followers.add(follower);
                channel.write(ByteBuffer.wrap(request));
                channel.configureBlocking(false);
                channel.register(streams.selector, SelectionKey.OP_READ, follower);
            }
            streams.await(follower -> follower.has("ready"));
            return streams;
        } catch (IOException | RuntimeException e) {
            streams.close();
            throw e;
        }
    }

    /** Makes the container print a line, once, and returns how many milliseconds later the last stream has got it. */
    double lineMilliseconds(Path engine, String container) throws IOException {
        try (SocketChannel trigger = SocketChannel.open(UnixDomainSocketAddress.of(engine))) {
            ByteBuffer request = ByteBuffer.wrap(("POST /containers/" + container
                            + "/kill?signal=USR1 HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            long begun = System.nanoTime();
            trigger.write(request);
            await(follower -> follower.has("line"));
            return (System.nanoTime() - begun) / 1e6;
        }
    }

    private void await(Predicate<Follower> condition) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int waiting = (int) followers.stream().filter(condition.negate()).count();
        while (waiting > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new IOException(
                        waiting + " of " + followers.size() + " streams got nothing in " + SECONDS + " s");
            }
            selector.select(left);
            for (SelectionKey key : selector.selectedKeys()) {
                Follower follower = (Follower) key.attachment();
                boolean had = condition.test(follower);
                read(follower);
                if (!had && condition.test(follower)) {
                    waiting--;
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void read(Follower follower) throws IOException {
        buffer.clear();
        if (follower.channel().read(buffer) < 0) {
            throw new IOException("a stream has ended: " + follower.received().toString(StandardCharsets.ISO_8859_1));
        }
        buffer.flip();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        follower.received().writeBytes(bytes);
    }

    @Override
    public void close() throws IOException {
        for (Follower follower : followers) {
            follower.channel().close();
        }
        selector.close();
    }
}
