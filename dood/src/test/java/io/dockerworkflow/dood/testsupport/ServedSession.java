package io.dockerworkflow.dood.testsupport;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.dood.gateway.Gateway;
import io.dockerworkflow.dood.gateway.http.ServedRequest;
import io.dockerworkflow.dood.gateway.session.ChildRegistry;
import io.dockerworkflow.dood.gateway.session.GatewaySettings;
import io.dockerworkflow.dood.policy.HostBinds;
import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.dood.policy.Rules;
import io.dockerworkflow.internal.children.SessionNames;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A gateway before a {@link ScriptedEngine}, for session 0a0b0c0d, and its clients. */
public final class ServedSession implements AutoCloseable {
    public static final SessionNames NAMES = new SessionNames(new SessionId("0a0b0c0d"), Mode.DOOD, "own", Map.of());

    /** What the session's engine says of itself, shortened. */
    public static final String VERSION =
            "{'Version':'20.10.24','ApiVersion':'1.41','MinAPIVersion':'1.12','Os':'linux','Arch':'amd64'}";

    private final ScriptedEngine engine;
    private final EngineConnection connection;
    private final RecordedChildren births = new RecordedChildren();
    private final BlockingQueue<ServedRequest> served = new LinkedBlockingQueue<>();
    private final Gateway gateway;

    private ServedSession(ScriptedEngine engine, Path directory, UnaryOperator<GatewaySettings> change) {
        this.engine = engine;
        engine.on("GET", "/version").json(200, VERSION);
        connection = EngineConnection.open(engine.endpoint());
        gateway = Gateway.start(change.apply(settings(connection, births, directory.resolve("docker.sock"), served)));
    }

    /** One whose engine is in that directory. */
    public static ServedSession in(Path directory) throws IOException {
        return in(directory, UnaryOperator.identity());
    }

    static ServedSession in(Path directory, UnaryOperator<GatewaySettings> change) throws IOException {
        return new ServedSession(ScriptedEngine.in(directory), directory, change);
    }

    static ServedSession of(ScriptedEngine engine, Path directory) {
        return new ServedSession(engine, directory, UnaryOperator.identity());
    }

    /** Usual settings: nothing is allowed, all images are seen. */
    public static GatewaySettings settings(
            EngineConnection connection, ChildRegistry children, Path socket, BlockingQueue<ServedRequest> served) {
        return new GatewaySettings(
                connection,
                NAMES,
                children,
                new RequestPolicy(Rules.nothing(), new HostBinds(Map.of(), Optional::of)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.of(served::add),
                socket);
    }

    /** The same settings, where the session sees these images of the host's only. */
    static GatewaySettings seeing(GatewaySettings all, String... patterns) {
        return new GatewaySettings(
                all.engine(),
                all.names(),
                all.children(),
                all.policy(),
                Optional.of(List.of(patterns).stream().map(Pattern::compile).toList()),
                all.cgroupParent(),
                all.caller(),
                all.isolatedCache(),
                all.limitsContainers(),
                all.observer(),
                all.socket());
    }

    /** The session has a container of that name, for which the engine will be asked once. */
    public void hasContainer(String logical) {
        engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-" + logical + "/json")
                .json(
                        200,
                        "{'Id':'" + id(logical) + "','Name':'/dw-0a0b0c0d-" + logical
                                + "','Config':{'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}}}");
    }

    /** An id that is the same for the same text. */
    public static String id(String text) {
        return String.format("%064x", text.hashCode() & 0xffffffffL);
    }

    public ScriptedEngine engine() {
        return engine;
    }

    public Gateway gateway() {
        return gateway;
    }

    public RecordedChildren children() {
        return births;
    }

    /** The requests that have ended, as the observer hears of them. */
    public BlockingQueue<ServedRequest> served() {
        return served;
    }

    /** A new connection. */
    public GatewayClient client() throws IOException {
        return GatewayClient.of(gateway.endpoint().path());
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        connection.close();
        engine.close();
    }
}
