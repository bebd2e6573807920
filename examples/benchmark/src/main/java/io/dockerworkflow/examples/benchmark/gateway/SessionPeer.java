package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import java.nio.file.Path;

/** A DooD session in this JVM, whose gateway is a peer. Whoever opens it closes it. */
final class SessionPeer implements AutoCloseable {
    private final DockerSession session;
    private final Peer peer;

    private SessionPeer(DockerSession session) {
        this.session = session;
        this.peer = new Peer("gateway", ((Endpoint.UnixSocket) session.endpoint()).path());
    }

    static SessionPeer open(Path engine) {
        return new SessionPeer(
                DoodWorkflow.create().open(SessionOptions.defaults().engine(new Endpoint.UnixSocket(engine))));
    }

    Peer peer() {
        return peer;
    }

    /** What the engine's own listing must be filtered by in order to show what the session's shows. */
    String label() {
        return "io.dockerworkflow.session=" + session.id();
    }

    @Override
    public void close() {
        session.close();
    }
}
