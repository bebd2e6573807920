package io.dockerworkflow.dood.gateway.socket;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/** How much is read and written at once. */
public final class SocketTuning {
    /** More than a Unix socket of Linux holds by default (208 KiB), so that one read can empty it. */
    public static final int MAX_READ = 256 * 1024;

    /** Small for requests and logs; grows with an image or a build context. */
    public static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(512, 4096, MAX_READ);

    /** Above the one, the other side is not read until what waits is below the other: each turn costs two system calls. */
    public static final WriteBufferWaterMark WRITES = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private SocketTuning() {}
}
