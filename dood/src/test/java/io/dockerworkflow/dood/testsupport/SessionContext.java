package io.dockerworkflow.dood.testsupport;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.gateway.engine.EngineClient;
import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.PendingWork;
import io.dockerworkflow.dood.gateway.http.RequestBody;
import io.dockerworkflow.dood.gateway.protocol.RequestTarget;
import io.dockerworkflow.dood.gateway.session.EngineEventListener;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.GatewaySettings;
import io.dockerworkflow.dood.gateway.session.ImageNames;
import io.dockerworkflow.dood.gateway.session.ImageStore;
import io.dockerworkflow.dood.gateway.session.MessageRewriter;
import io.dockerworkflow.dood.gateway.session.OwnTags;
import io.dockerworkflow.dood.gateway.session.PolicyGate;
import io.dockerworkflow.dood.gateway.session.RemovedChildren;
import io.dockerworkflow.dood.gateway.session.SessionIndex;
import io.dockerworkflow.dood.gateway.session.VisibleImages;
import io.dockerworkflow.dood.gateway.socket.BusyPolling;
import io.dockerworkflow.dood.policy.HostBinds;
import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.dood.policy.Rules;
import io.dockerworkflow.internal.children.SessionNames;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.dockerworkflow.internal.engine.EngineVersion;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the handlers of session 0a0b0c0d share, without a gateway that listens. The engine is asked only by tests that have one. */
public final class SessionContext implements AutoCloseable {
    private final BusyPolling.Loops polling = new BusyPolling.Loops();
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("session-context", true), polling);
    private final RecordedChildren births = new RecordedChildren();
    private final GatewayContext context;

    /** One that sees all images of the host's. */
    public SessionContext() {
        this(new Endpoint.UnixSocket(Path.of("/none")), Map.of());
    }

    /** One that sees some images of the host's. */
    public static SessionContext seeing(String... patterns) {
        return new SessionContext(
                new Endpoint.UnixSocket(Path.of("/none")),
                ServedSession.NAMES,
                Optional.of(Stream.of(patterns).map(Pattern::compile).toList()),
                Optional.empty(),
                Optional.empty());
    }

    /** One whose containers are in that cgroup, and whose owner is that container. */
    public static SessionContext within(String cgroupParent, String caller) {
        return new SessionContext(
                new Endpoint.UnixSocket(Path.of("/none")),
                ServedSession.NAMES,
                Optional.empty(),
                Optional.of(cgroupParent),
                Optional.of(caller));
    }

    /** One with an engine, and with labels that its options add. */
    public SessionContext(Endpoint engine, Map<String, String> extraLabels) {
        this(
                engine,
                new SessionNames(
                        ServedSession.NAMES.session(),
                        ServedSession.NAMES.mode(),
                        ServedSession.NAMES.owner(),
                        extraLabels),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private SessionContext(
            Endpoint engine,
            SessionNames names,
            Optional<List<Pattern>> hostImages,
            Optional<String> cgroupParent,
            Optional<String> caller) {
        RequestPolicy policy = new RequestPolicy(Rules.nothing(), new HostBinds(Map.of(), Optional::of));
        GatewaySettings settings = new GatewaySettings(
                null, // the connection, of which only a gateway needs anything
                names,
                births,
                policy,
                hostImages,
                cgroupParent,
                caller,
                false,
                false,
                Optional.empty(),
                Path.of("/run/session/docker.sock"));
        EngineClient client = new EngineClient(engine, new DefaultChannelGroup(GlobalEventExecutor.INSTANCE), polling);
        EngineFacts facts = EngineFacts.of(new EngineVersion("20.10.24", "1.41", "1.12", "1.41", "linux", "amd64"));
        ImageNames images = new ImageNames(names);
        SessionIndex index = new SessionIndex();
        RemovedChildren removedChildren = new RemovedChildren(index, births);
        context = new GatewayContext(
                settings,
                client,
                facts,
                index,
                images,
                new OwnTags(names),
                new VisibleImages(hostImages),
                new ImageStore(facts),
                new MessageRewriter(names, images),
                new PolicyGate(policy, Runnable::run),
                removedChildren,
                new EngineEventListener(client, facts, index, removedChildren, names, loops.next()),
                new PendingWork());
    }

    public GatewayContext context() {
        return context;
    }

    public RecordedChildren children() {
        return births;
    }

    public EventLoop loop() {
        return loops.next();
    }

    /** A request without a body at API version 1.41. */
    public ClientRequest call(String method, String target) {
        RequestBody body = new RequestBody(new EmbeddedChannel(), false);
        body.offer(LastHttpContent.EMPTY_LAST_CONTENT);
        return new ClientRequest(
                HttpMethod.valueOf(method),
                new DefaultHttpHeaders(),
                RequestTarget.parse(target),
                new ApiVersion(1, 41),
                "",
                loop(),
                context.engine(),
                body);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
