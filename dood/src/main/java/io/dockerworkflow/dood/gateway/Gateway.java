package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.WorkflowException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Docker endpoint that serves one session: any client of it sees an engine that holds nothing else. Safe for use by several
 * threads. Whoever starts it closes it; closing ends every connection, and removes nothing from the engine.
 */
public final class Gateway implements AutoCloseable {
    private static final int LOOPS = 2;
    private static final int START_SECONDS = 30;

    private final EventLoopGroup loops;
    private final ExecutorService blocking;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ChannelGroup builds = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Endpoint.UnixSocket endpoint;

    private Gateway(EventLoopGroup loops, ExecutorService blocking, Endpoint.UnixSocket endpoint) {
        this.loops = loops;
        this.blocking = blocking;
        this.endpoint = endpoint;
    }

    /**
     * Starts a gateway. It serves when this returns.
     *
     * @throws EngineException if the engine does not answer
     * @throws WorkflowException if the socket cannot be made
     */
    public static Gateway start(GatewaySettings settings) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                LOOPS, new DefaultThreadFactory("docker-workflow-gateway", true), NioIoHandler.newFactory());
        ExecutorService blocking =
                Executors.newSingleThreadExecutor(new DefaultThreadFactory("docker-workflow-gateway-files", true));
        Gateway gateway = new Gateway(loops, blocking, new Endpoint.UnixSocket(settings.socket()));
        try {
            EngineClient client = new EngineClient(settings.engine());
            EngineFacts facts = gateway.facts(client, settings.engine());
            ImageNames images = new ImageNames(settings.names());
            GatewayContext context = new GatewayContext(
                    client,
                    facts,
                    settings.names(),
                    new SessionIndex(),
                    images,
                    settings.births(),
                    new ErrorText(settings.names(), images),
                    new PolicyGate(settings.policy(), blocking),
                    settings.isolatedCache(),
                    settings.limitsContainers(),
                    gateway.builds,
                    settings.socket());
            gateway.listen(context, settings.socket());
            return gateway;
        } catch (RuntimeException | Error e) {
            try {
                gateway.close();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** What clients connect to. */
    public Endpoint.UnixSocket endpoint() {
        return endpoint;
    }

    /** Ends what BuildKit builds: a teardown that waited for it could wait for long. Idempotent. */
    public void endBuilds() {
        builds.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private EngineFacts facts(EngineClient client, Endpoint engine) {
        try {
            return client.call(loops.next(), EngineRequest.get("/version"))
                    .thenApply(EngineFacts::of)
                    .toCompletableFuture()
                    .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String words = cause instanceof TimeoutException
                    ? "no answer within " + START_SECONDS + " seconds"
                    : String.valueOf(cause.getMessage());
            throw new EngineException(
                    "start the session's gateway",
                    engine.dockerHost(),
                    Optional.of(words),
                    "Ensure that the Docker daemon is running and accessible",
                    cause);
        }
    }

    private void listen(GatewayContext context, Path socket) {
        RouteTable routes = new RouteTable(context, routes(context));
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channelFactory(UnixServerChannel::new)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, SocketTuning.READS)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SocketTuning.WRITES)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        new ClientConnection(context, routes).install(channel);
                    }
                });
        try {
            channels.add(bootstrap
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

    /** Every route that the gateway knows. */
    static List<Route> routes(GatewayContext context) {
        Resolver resolver = new Resolver(context);
        LogicalView view = new LogicalView(context);
        VolumeRoutes volumes = new VolumeRoutes(context, resolver, view);
        List<Route> routes = new ArrayList<>();
        ImageView images = new ImageView(context, view);
        routes.addAll(new SystemRoutes(context, view, images, volumes).routes());
        routes.addAll(new EventRoutes(new EventView(context, view)).routes());
        ImageLookup lookup = new ImageLookup(context, images);
        routes.addAll(new ContainerCreation(context, resolver, lookup, volumes).routes());
        routes.addAll(new ContainerRoutes(context, resolver, lookup, view).routes());
        routes.addAll(new ExecRoutes(context, resolver).routes());
        routes.addAll(volumes.routes());
        routes.addAll(new NetworkRoutes(context, resolver, view).routes());
        ImageTags tags = new ImageTags(context);
        ImageImport imports = new ImageImport(context, resolver, lookup, tags);
        routes.addAll(imports.routes());
        routes.addAll(new ImageTransfer(context, tags, imports).routes());
        routes.addAll(new ImageRoutes(context, images, lookup, tags).routes());
        BuildKitRoutes buildKit = new BuildKitRoutes(context);
        routes.addAll(buildKit.routes());
        routes.addAll(new BuildRoutes(context, resolver, tags, buildKit.buildKit()).routes());
        return routes;
    }

    /** Ends every connection. Idempotent. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        blocking.shutdownNow();
        try {
            Files.deleteIfExists(endpoint.path());
        } catch (IOException e) {
            throw new WorkflowException(
                    "remove the session's socket",
                    endpoint.path().toString(),
                    Optional.of(e.toString()),
                    "Remove it by hand",
                    e);
        }
    }
}
