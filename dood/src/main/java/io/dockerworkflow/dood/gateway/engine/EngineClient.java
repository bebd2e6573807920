package io.dockerworkflow.dood.gateway.engine;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.dood.gateway.socket.BusyPolling;
import io.dockerworkflow.dood.gateway.socket.SocketTuning;
import io.dockerworkflow.dood.gateway.socket.UnixChannel;
import io.dockerworkflow.internal.http.PemCertificates;
import io.dockerworkflow.internal.http.UnusableCertificatesException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/** Talks to the engine without blocking. Keeps idle connections for the event loop that made them. */
public final class EngineClient implements PooledConnection.Pool {
    private static final int MAX_IDLE = 8;

    private final Endpoint endpoint;
    private final ChannelGroup channels;
    private final BusyPolling.Loops polling;
    private final Optional<SslContext> tls;
    private final Map<EventLoop, Deque<PooledConnection>> idle = new ConcurrentHashMap<>();

    /**
     * Talks to that engine.
     *
     * @param channels gets every connection; who closes it, closes them
     * @param polling what waits for responses on the event loops
     * @throws EngineException if the endpoint's certificates are missing or cannot be used
     */
    public EngineClient(Endpoint endpoint, ChannelGroup channels, BusyPolling.Loops polling) {
        this.endpoint = endpoint;
        this.channels = channels;
        this.polling = polling;
        this.tls = endpoint instanceof Endpoint.Tcp tcp ? tcp.certificates().map(EngineClient::tls) : Optional.empty();
    }

    private static SslContext tls(Path directory) {
        try {
            return tls(PemCertificates.read(directory));
        } catch (UnusableCertificatesException e) {
            throw e.told();
        }
    }

    private static SslContext tls(PemCertificates certificates) throws UnusableCertificatesException {
        try {
            return SslContextBuilder.forClient()
                    .trustManager(certificates.authorities())
                    .keyManager(certificates.key(), certificates.chain())
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw certificates.refused(e);
        }
    }

    /** Sends a request and collects the response; completes on that loop. A response of an error is a response. */
    public CompletionStage<EngineResponse> send(EventLoop loop, EngineRequest request) {
        CompletableFuture<EngineResponse> response = new CompletableFuture<>();
        if (loop.inEventLoop()) {
            attempt(loop, request, response, true);
        } else {
            loop.execute(() -> attempt(loop, request, response, true));
        }
        return response;
    }

    private void attempt(
            EventLoop loop, EngineRequest request, CompletableFuture<EngineResponse> response, boolean mayRepeat) {
        Deque<PooledConnection> mine = idleOf(loop);
        boolean reused = request.isSafe() && !mine.isEmpty();
        acquire(loop, reused).whenComplete((link, failure) -> {
            if (link == null) {
                response.completeExceptionally(failure);
                return;
            }
            ResponseCollector collector = new ResponseCollector();
            collector.whenComplete((result, broken) -> {
                if (broken == null) {
                    response.complete(result);
                } else if (reused && mayRepeat) {
                    // The engine had closed an idle connection: safe to repeat, for nothing was changed.
                    attempt(loop, request, response, false);
                } else {
                    response.completeExceptionally(broken);
                }
            });
            link.send(request, false, collector);
        });
    }

    /**
     * A connection for one request.
     *
     * @param reuse whether an idle one will do; it may turn out to have been closed by the engine
     */
    public CompletionStage<PooledConnection> acquire(EventLoop loop, boolean reuse) {
        Deque<PooledConnection> mine = idleOf(loop);
        while (reuse && !mine.isEmpty()) {
            PooledConnection link = mine.removeLast();
            if (link.channel().isActive()) {
                return CompletableFuture.completedFuture(link);
            }
        }
        return connect(loop);
    }

    private CompletionStage<PooledConnection> connect(EventLoop loop) {
        CompletableFuture<PooledConnection> connected = new CompletableFuture<>();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20_000)
                .option(ChannelOption.RECVBUF_ALLOCATOR, SocketTuning.READS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SocketTuning.WRITES)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        tls.ifPresent(context -> channel.pipeline().addLast(handler(context, channel)));
                    }
                });
        if (endpoint instanceof Endpoint.UnixSocket) {
            bootstrap.channelFactory(UnixChannel::new);
        } else {
            bootstrap.channel(NioSocketChannel.class).option(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        bootstrap.connect(address()).addListener((io.netty.channel.ChannelFuture future) -> {
            if (future.isSuccess()) {
                connected.complete(new PooledConnection(future.channel(), this, polling.of(loop)));
            } else {
                connected.completeExceptionally(future.cause());
            }
        });
        return connected;
    }

    private SslHandler handler(SslContext context, Channel channel) {
        Endpoint.Tcp tcp = (Endpoint.Tcp) endpoint;
        SslHandler handler = context.newHandler(channel.alloc(), tcp.host(), tcp.port());
        handler.setCloseNotifyReadTimeoutMillis(0);
        return handler;
    }

    private SocketAddress address() {
        if (endpoint instanceof Endpoint.UnixSocket unix) {
            return UnixDomainSocketAddress.of(unix.path());
        }
        Endpoint.Tcp tcp = (Endpoint.Tcp) endpoint;
        return new InetSocketAddress(tcp.host(), tcp.port());
    }

    @Override
    public void release(PooledConnection link) {
        Deque<PooledConnection> mine = idleOf(link.channel().eventLoop());
        if (mine.size() < MAX_IDLE) {
            mine.addLast(link);
        } else {
            link.close();
        }
    }

    @Override
    public void forget(PooledConnection link) {
        idleOf(link.channel().eventLoop()).remove(link);
    }

    private Deque<PooledConnection> idleOf(EventLoop loop) {
        return idle.computeIfAbsent(loop, any -> new ArrayDeque<>());
    }
}
