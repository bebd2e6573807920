package io.dockerworkflow.examples.benchmark.gateway;

import java.nio.file.Path;
import java.util.List;

/** Every way to the engine that is compared. Whoever opens it closes it. */
final class Peers implements AutoCloseable {
    private final Peer bare;
    private final ProxyProcess haproxy;
    private final ProxyProcess socat;
    private final SessionPeer session;

    private Peers(Peer bare, ProxyProcess haproxy, ProxyProcess socat, SessionPeer session) {
        this.bare = bare;
        this.haproxy = haproxy;
        this.socat = socat;
        this.session = session;
    }

    static Peers open(Path engine, Path directory) {
        ProxyProcess haproxy = ProxyProcess.haproxy(engine, directory);
        try {
            ProxyProcess socat = ProxyProcess.socat(engine, directory);
            try {
                return new Peers(new Peer("bare engine", engine), haproxy, socat, SessionPeer.open(engine));
            } catch (RuntimeException e) {
                socat.close();
                throw e;
            }
        } catch (RuntimeException e) {
            haproxy.close();
            throw e;
        }
    }

    Peer bare() {
        return bare;
    }

    Peer haproxy() {
        return haproxy.peer();
    }

    SessionPeer session() {
        return session;
    }

    Peer gateway() {
        return session.peer();
    }

    List<Peer> all() {
        return List.of(bare, haproxy.peer(), socat.peer(), session.peer());
    }

    @Override
    public void close() {
        try (haproxy;
                socat;
                session) {
            // closes the last one first, and all of them
        }
    }
}
