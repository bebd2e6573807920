package io.dockerworkflow.dind;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.session.ScopedSession;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.step.StepPlacement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session with a daemon of its own. Its children live in that daemon; its steps run beside the daemon's container. */
final class DaemonSession extends ScopedSession implements DindSession {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonSession.class);

    private final Rights rights;
    private final ClientRelay relay;
    private final EngineConnection daemon;
    private final StepPlacement steps;

    private DaemonSession(
            SessionScope scope, Rights rights, ClientRelay relay, EngineConnection daemon, StepPlacement steps) {
        super(scope);
        this.rights = rights;
        this.relay = relay;
        this.daemon = daemon;
        this.steps = steps;
    }

    static DaemonSession start(SessionScope scope, DindSettings settings) {
        Daemon daemon = new DaemonStart(scope, settings).run();
        EngineConnection connection = scope.own(EngineConnection.open(daemon.endpoint()));
        requireStorage(connection, settings);
        if (settings.cache().isPresent()) {
            Leftovers.remove(connection.docker());
        }
        new Seeding(scope.engine().docker(), connection.docker(), scope.events()).copy(settings.seeds());
        LOG.info(
                "Session {} has a daemon with {} rights; it lacks {}",
                scope.id(),
                settings.rights(),
                settings.rights().lacks());
        ClientRelay relay = scope.own(ClientRelay.open(
                scope.directory().resolve("docker.sock"), daemon.endpoint().path(), "dw-" + scope.id() + "-client"));
        EngineConnection clients = scope.own(connection.through(relay.endpoint()));
        return new DaemonSession(scope, settings.rights(), relay, clients, stepPlacement(scope, daemon));
    }

    private static StepPlacement stepPlacement(SessionScope scope, Daemon daemon) {
        return new StepPlacement(
                scope.engine(),
                Optional.empty(),
                scope.names()::engineName,
                scope.names().labels(),
                List.of(EnginePaths.of(scope, daemon.endpoint().path()) + ":/var/run/docker.sock"),
                Map.of(),
                // So that a step reaches the ports of nested containers at localhost.
                Optional.of("container:" + daemon.container()));
    }

    /** Without overlay, a daemon silently falls back to vfs. Every layer is then a full copy. */
    private static void requireStorage(EngineConnection daemon, DindSettings settings) {
        String driver = daemon.docker().infoCmd().exec().getDriver();
        if ("vfs".equals(driver)) {
            throw new EngineException(
                    "use a session's daemon",
                    "image " + settings.image() + ", " + settings.rights() + " rights",
                    Optional.of("its storage driver is vfs, which copies every layer in full"),
                    "Put the engine's volumes on a file system that can carry overlay2, such as ext4 or xfs with ftype=1, "
                            + "and allow mounts in containers",
                    null);
        }
    }

    @Override
    public Rights rights() {
        return rights;
    }

    @Override
    public Endpoint endpoint() {
        return daemon.endpoint();
    }

    @Override
    public DockerClient docker() {
        scope().requireOpen("use the session's Docker client");
        return daemon.docker();
    }

    @Override
    public StepResult run(Step step) {
        return scope().run(step, steps);
    }

    @Override
    public void cancel() {
        super.cancel();
        relay.cancel();
    }
}
