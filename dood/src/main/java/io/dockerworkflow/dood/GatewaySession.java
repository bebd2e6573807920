package io.dockerworkflow.dood;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.gateway.Gateway;
import io.dockerworkflow.dood.gateway.http.RequestObserver;
import io.dockerworkflow.dood.gateway.session.GatewaySettings;
import io.dockerworkflow.dood.policy.HostBinds;
import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.dood.policy.Rules;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.engine.EngineVersion;
import io.dockerworkflow.internal.host.CurrentCgroup;
import io.dockerworkflow.internal.session.ScopedSession;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.step.StepPlacement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A session with a gateway of its own. All of its clients go through that gateway. */
final class GatewaySession extends ScopedSession implements DoodSession {
    private static final Path USUAL_SOCKET = Path.of("/var/run/docker.sock");

    private final Rules rules;
    private final RequestPolicy policy;
    private final Gateway gateway;
    private final EngineConnection connection;
    private final Object lock = new Object();
    private @Nullable SiblingAccess siblings;

    private GatewaySession(SessionScope scope, Rules rules, RequestPolicy policy, Gateway gateway) {
        super(scope);
        this.rules = rules;
        this.policy = policy;
        this.gateway = gateway;
        this.connection = scope.own(scope.engine().through(gateway.endpoint()));
    }

    static GatewaySession start(SessionScope scope, DoodSettings settings) {
        Path socket = scope.directory().resolve("docker.sock");
        Endpoint engine = scope.engine().endpoint();
        RequestPolicy policy = new RequestPolicy(
                settings.policy().rules(), new HostBinds(sockets(engine, socket), scope.hostPaths()::toHost));
        scope.options().workspace().ifPresent(policy::allowWorkspace);
        boolean limitsContainers = settings.policy().rules().limits().containers() > 0;
        TrackedChildren children = scope.own(new TrackedChildren(scope.tracker()));
        Optional<RequestObserver> observer =
                settings.listener().<RequestObserver>map(told -> scope.own(new ListenerThread(scope.id(), told)));
        Gateway gateway = scope.own(Gateway.start(new GatewaySettings(
                scope.engine(),
                scope.names(),
                children,
                policy,
                settings.hostImages().patterns(),
                settings.ownCgroup()
                        ? Optional.of(CurrentCgroup.parent(scope.engine(), scope.hostPaths()))
                        : Optional.empty(),
                settings.joinsNetworks() ? Optional.of(CallerContainer.id(scope)) : Optional.empty(),
                settings.cache() == CacheScope.ISOLATED,
                limitsContainers,
                observer,
                socket)));
        return new GatewaySession(scope, settings.policy().rules(), policy, gateway);
    }

    /** The paths that a client may name as the engine's socket, each with the socket that it gets instead. */
    private static Map<Path, Path> sockets(Endpoint engine, Path gateway) {
        Map<Path, Path> sockets = new HashMap<>();
        sockets.put(USUAL_SOCKET, gateway);
        sockets.put(Path.of("/run/docker.sock"), gateway);
        sockets.put(gateway, gateway);
        if (engine instanceof Endpoint.UnixSocket unix) {
            sockets.put(unix.path(), gateway);
        }
        return sockets;
    }

    @Override
    public Endpoint endpoint() {
        return gateway.endpoint();
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>(endpoint().environment());
        variables.putAll(TestcontainersVariables.ofProcess(rules));
        return variables;
    }

    @Override
    public String describe() {
        EngineVersion engine = scope().engine().version();
        return "session " + id() + " on engine " + engine.engine() + " (API " + engine.minApi() + " to "
                + engine.maxApi() + "), gateway " + gateway.endpoint().dockerHost() + "\n" + gateway.describe();
    }

    @Override
    public DockerClient docker() {
        scope().requireOpen("use the session's Docker client");
        return connection.docker();
    }

    @Override
    public StepResult run(Step step) {
        scope().requireOpen("run a step");
        step.workspace().ifPresent(policy::allowWorkspace);
        return scope().run(step, steps());
    }

    /** The gateway names and labels the containers. They reach it at the engine's usual socket, or else over the network. */
    private StepPlacement steps() {
        StepPlacement placement = new StepPlacement(
                connection,
                Optional.empty(),
                UnaryOperator.identity(),
                Map.of(),
                List.of(USUAL_SOCKET + ":" + USUAL_SOCKET),
                TestcontainersVariables.ofStep(rules),
                Optional.empty());
        return SiblingAccess.isNeeded(scope().hostPaths(), gateway.endpoint().path())
                ? siblings().in(placement)
                : placement;
    }

    /** Opened for the first step, because a session without steps needs no network. */
    private SiblingAccess siblings() {
        synchronized (lock) {
            SiblingAccess known = siblings;
            if (known == null) {
                known = SiblingAccess.open(scope(), gateway);
                siblings = known;
            }
            return known;
        }
    }

    @Override
    public void cancel() {
        super.cancel();
        gateway.cancel();
    }

    @Override
    public TeardownReport teardown(Duration deadline) {
        gateway.beforeTeardown();
        return super.teardown(deadline);
    }

    @Override
    public void close() {
        gateway.beforeTeardown();
        super.close();
    }

    /** For bug reports. */
    @Override
    public String toString() {
        return "DooD session " + id() + ", " + gateway;
    }
}
