package io.dockerworkflow.dood.gateway.buildkit;

import io.netty.channel.Channel;
import java.util.Map;

/**
 * The gateway's way into this package: takes over connections that a client upgraded to HTTP/2. Safe for use by several
 * threads.
 */
public final class BuildKit {
    private final BuildSettings settings;
    private final BuildArguments arguments = new BuildArguments();

    /** For one session of the gateway's. */
    public BuildKit(BuildSettings settings) {
        this.settings = settings;
    }

    /**
     * Takes over the two connections of a {@code POST /grpc} that the engine answered with 101. From here on they end together.
     *
     * @param client the connection to the client, without handlers of HTTP/1, not reading
     * @param engine the connection to the engine, likewise
     */
    public void control(Channel client, Channel engine) {
        Http2Bridge.join(client, engine, new ControlMediation(settings, arguments));
    }

    /**
     * Takes over the two connections of a {@code POST /session} that the engine answered with 101: the engine's builder calls,
     * and the client answers.
     *
     * @param session the id that the client gave it, from the header {@code X-Docker-Expose-Session-Uuid}
     */
    public void session(Channel client, Channel engine, String session) {
        Http2Bridge.join(engine, client, new SessionMediation(settings, arguments, session));
        client.closeFuture().addListener(closed -> arguments.forget(session));
    }

    /** Says which arguments a build has that is begun with {@code POST /build?version=2&session=}. */
    public void arguments(String session, Map<String, String> buildArguments) {
        arguments.direct(session, buildArguments);
    }
}
