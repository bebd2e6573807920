package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.dood.gateway.engine.EngineClient;
import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.http.ClientConnection;
import io.dockerworkflow.dood.gateway.http.PendingWork;
import io.dockerworkflow.dood.gateway.http.RequestObserver;
import io.dockerworkflow.dood.gateway.http.RequestWatch;
import io.dockerworkflow.dood.gateway.http.RouteTable;
import io.dockerworkflow.dood.gateway.session.EngineEventListener;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.GatewaySettings;
import io.dockerworkflow.dood.gateway.session.ImageNames;
import io.dockerworkflow.dood.gateway.session.ImageStore;
import io.dockerworkflow.dood.gateway.session.IndexDump;
import io.dockerworkflow.dood.gateway.session.MessageRewriter;
import io.dockerworkflow.dood.gateway.session.OwnTags;
import io.dockerworkflow.dood.gateway.session.PolicyGate;
import io.dockerworkflow.dood.gateway.session.RemovedChildren;
import io.dockerworkflow.dood.gateway.session.SessionIndex;
import io.dockerworkflow.dood.gateway.session.VisibleImages;
import io.dockerworkflow.dood.gateway.socket.BusyPolling;
import io.dockerworkflow.dood.gateway.socket.SessionCertificates;
import io.dockerworkflow.dood.gateway.socket.SocketTuning;
import io.dockerworkflow.dood.gateway.socket.TlsAcceptor;
import io.dockerworkflow.dood.gateway.socket.UnixServerChannel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Docker endpoint that serves one session: any client of it sees an engine that holds nothing else. Safe for use by several
 * threads. Whoever starts it closes it; closing ends every connection, and removes nothing from the engine.
 */
public final class Gateway implements AutoCloseable {
    private static final int LOOPS = 2;

    private final EventLoopGroup loops;
    private final ExecutorService blocking;
    private final Optional<RequestObserver> observer;
    /**
     * All there are, those to the engine as well: an event loop that is told to shut down in the wrong moment ends without closing
     * its channels, and nothing else would (Netty 4.2.20, quiet period zero). What comes when they are closed is closed, too.
     */
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final PendingWork pending = new PendingWork();
    private final EngineEventListener engineEvents;
    private final GatewayContext context;
    private final RouteTable routes;

    private Gateway(
            EventLoopGroup loops, BusyPolling.Loops polling, ExecutorService blocking, GatewaySettings settings) {
        this.loops = loops;
        this.blocking = blocking;
        this.observer = settings.observer();
        ImageNames images = new ImageNames(settings.names());
        EngineClient client = new EngineClient(settings.engine().endpoint(), channels, polling);
        EngineFacts facts = EngineFacts.of(settings.engine().version());
        SessionIndex index = new SessionIndex();
        RemovedChildren removedChildren = new RemovedChildren(index, settings.children());
        this.engineEvents =
                new EngineEventListener(client, facts, index, removedChildren, settings.names(), loops.next());
        this.context = new GatewayContext(
                settings,
                client,
                facts,
                index,
                images,
                new OwnTags(settings.names()),
                new VisibleImages(settings.hostImages()),
                new ImageStore(facts),
                new MessageRewriter(settings.names(), images),
                new PolicyGate(settings.policy(), blocking),
                removedChildren,
                engineEvents,
                pending);
        this.routes = new RouteTable(context, Routes.all(context));
    }

    /**
     * Starts a gateway. It serves when this returns.
     *
     * @throws WorkflowException if the socket cannot be made
     */
    public static Gateway start(GatewaySettings settings) {
        BusyPolling.Loops polling = new BusyPolling.Loops();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                LOOPS, new DefaultThreadFactory("docker-workflow-gateway", true), polling);
        ExecutorService blocking =
                Executors.newSingleThreadExecutor(new DefaultThreadFactory("docker-workflow-gateway-files", true));
        try {
            Gateway gateway = new Gateway(loops, polling, blocking, settings);
            gateway.listen();
            return gateway;
        } catch (RuntimeException | Error e) {
            stop(loops, blocking);
            throw e;
        }
    }

    /** What clients connect to. */
    public Endpoint.UnixSocket endpoint() {
        return new Endpoint.UnixSocket(context.socket());
    }

    /** What the session has, as the gateway knows it. Holds names and ids only. */
    public String describe() {
        return IndexDump.text(context.index(), context.images());
    }

    /** Ends what is being pulled, pushed and built; more of it may begin. */
    public void cancel() {
        pending.end();
    }

    /**
     * Makes way for the session's teardown: ends what is being pulled, pushed and built, now and from now on, which could take
     * long, and no longer tells of children that are gone, which from now on is the teardown's. Idempotent.
     */
    public void beforeTeardown() {
        pending.endForGood();
        engineEvents.end();
    }

    /** Where it listens, and how much it knows of: for bug reports. */
    @Override
    public String toString() {
        return "gateway at " + context.socket() + " with " + context.index();
    }

    private void listen() {
        Path socket = context.socket();
        try {
            channels.add(server(this::serve)
                    .channelFactory(UnixServerChannel::new)
                    .bind(UnixDomainSocketAddress.of(socket))
                    .syncUninterruptibly()
                    .channel());
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new WorkflowException(
                    "listen on the session's socket",
                    socket.toString(),
                    Optional.of(e.toString()),
                    "Check that the directory exists, is writable, and that its path has at most 90 bytes",
                    e);
        }
    }

    /**
     * Listens on a TCP port besides, any free one, with mutual TLS, for siblings that the socket cannot be given to.
     *
     * @param address the IP address to listen on, and on no other
     * @param certificates those of both sides
     * @return the port
     * @throws WorkflowException if that address is none of this process's
     */
    public int listen(String address, SessionCertificates certificates) {
        try {
            SslContext tls = certificates.gatewayTls();
            Channel listening = server(channel -> {
                        TlsAcceptor.install(channel, tls);
                        serve(channel);
                    })
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .bind(new InetSocketAddress(address, 0))
                    .syncUninterruptibly()
                    .channel();
            channels.add(listening);
            return ((InetSocketAddress) listening.localAddress()).getPort();
        } catch (IOException e) {
            throw new WorkflowException(
                    "listen for siblings on the session's network",
                    address,
                    Optional.of(e.toString()),
                    "Share a directory or volume with the engine's host, so that no port is needed",
                    e);
        }
    }

    private ServerBootstrap server(Consumer<Channel> install) {
        return new ServerBootstrap()
                .group(loops)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, SocketTuning.READS)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SocketTuning.WRITES)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        install.accept(channel);
                    }
                });
    }

    private void serve(Channel channel) {
        channels.add(channel);
        Optional<RequestWatch> watch = RequestWatch.of(context.names().session(), routes, observer);
        new ClientConnection(channel, context, routes, watch).install();
    }

    /** Ends every connection. Idempotent. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        stop(loops, blocking);
        Path socket = context.socket();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new WorkflowException(
                    "remove the session's socket",
                    socket.toString(),
                    Optional.of(e.toString()),
                    "Remove it by hand",
                    e);
        }
    }

    private static void stop(EventLoopGroup loops, ExecutorService blocking) {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        blocking.shutdownNow();
    }
}
