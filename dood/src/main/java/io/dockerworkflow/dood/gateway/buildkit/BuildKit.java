package io.dockerworkflow.dood.gateway.buildkit;

import io.dockerworkflow.dood.gateway.buildkit.bridge.ByteRelay;
import io.dockerworkflow.dood.gateway.buildkit.bridge.EarlyBytes;
import io.dockerworkflow.dood.gateway.buildkit.bridge.Http2Bridge;
import io.dockerworkflow.dood.gateway.buildkit.bridge.ResponseFrameRelay;
import io.dockerworkflow.dood.gateway.buildkit.translate.BuildArguments;
import io.dockerworkflow.dood.gateway.buildkit.translate.BuildSettings;
import io.dockerworkflow.dood.gateway.buildkit.translate.ControlTranslator;
import io.dockerworkflow.dood.gateway.buildkit.translate.FrontendAttributes;
import io.dockerworkflow.dood.gateway.buildkit.translate.ResponseTranslator;
import io.dockerworkflow.dood.gateway.buildkit.translate.SessionTranslator;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The gateway's way into this package: takes over connections that a client upgraded to HTTP/2. Safe for use by several
 * threads.
 */
public final class BuildKit {
    /** Clients begin a build as soon as its session is open. */
    private static final Duration BUILD_BEGINS = Duration.ofSeconds(2);

    private final BuildSettings settings;
    private final BuildArguments arguments;

    /** For one session of the gateway's. */
    public BuildKit(BuildSettings settings) {
        this(settings, new BuildArguments());
    }

    public BuildKit(BuildSettings settings, BuildArguments arguments) {
        this.settings = settings;
        this.arguments = arguments;
    }

    /**
     * Takes over the two connections of a {@code POST /grpc} that the engine answered with 101. From here on they end together.
     *
     * @param client the connection to the client, without handlers of HTTP/1, not reading
     * @param engine the connection to the engine, likewise
     */
    public void control(Channel client, Channel engine) {
        Http2Bridge.join(client, engine, new ControlTranslator(settings, arguments));
    }

    /**
     * Takes over the two connections of a {@code POST /session} that the engine answered with 101: the engine's builder calls,
     * and the client answers.
     *
     * @param session the id that the client gave it, from the header {@code X-Docker-Expose-Session-Uuid}
     * @param shortCut told of the two connections if nothing that passes between them need be read; may move it by itself
     */
    public void session(Channel client, Channel engine, String session, BiConsumer<Channel, Channel> shortCut) {
        client.closeFuture().addListener(closed -> arguments.forget(session));
        if (!settings.sourcePolicies()) {
            mediate(client, engine, session);
            return;
        }
        CompletableFuture<Boolean> read = arguments.isDirect(session).copy();
        // Whatever comes after that can be mediated.
        client.eventLoop().schedule(() -> read.complete(true), BUILD_BEGINS.toMillis(), TimeUnit.MILLISECONDS);
        EarlyBytes.until(read, client, engine, () -> {
            if (read.join()) {
                mediate(client, engine, session);
            } else {
                ByteRelay.join(client, engine);
                shortCut.accept(client, engine);
            }
        });
    }

    private void mediate(Channel client, Channel engine, String session) {
        ResponseFrameRelay.join(engine, client, new SessionTranslator(settings, arguments, session)::answer);
    }

    /**
     * Says that the engine itself begins a build, for {@code POST /build?version=2&session=}: Dockerfiles of that session are
     * translated.
     *
     * @return the build's arguments for the engine
     * @throws IllegalStateException if the session's Dockerfiles pass unread by now, since another build in it needed no more, or
     *     would, since the engine knows the session by another name
     */
    public Map<String, String> direct(String session, Map<String, String> buildArguments) {
        // What stands before a colon goes into the names of directories instead (BuildKit's session/manager.go,
        // Manager.Get).
        if (session.contains(":")) {
            throw new IllegalStateException(
                    "the BuildKit session " + session + " is named with a prefix; leave it out");
        }
        if (!arguments.direct(session, buildArguments) && settings.sourcePolicies()) {
            throw new IllegalStateException(
                    "the BuildKit session " + session
                            + " has served a build of another kind (Solve) before; open one for each build, as docker and buildx do");
        }
        return new FrontendAttributes(settings).arguments(buildArguments);
    }

    /** The engine's id for a build of the session's, so that no session can cancel another's. */
    public String engineRef(String build) {
        return settings.engineRef(build);
    }

    /** A host that all steps of the session's builds must know, if its cache is isolated: as {@code name:address}. */
    public Optional<String> isolationHost() {
        return settings.isolatedCache() ? Optional.of(settings.isolationHost() + ":127.0.0.1") : Optional.empty();
    }

    /** The progress of a build, a message of {@code StatusResponse}, as the session's client gets it. */
    public byte[] progress(byte[] status) {
        try {
            return new ResponseTranslator(settings).status(status);
        } catch (GrpcRefusal e) {
            throw new IllegalArgumentException("not a build's progress", e);
        }
    }
}
