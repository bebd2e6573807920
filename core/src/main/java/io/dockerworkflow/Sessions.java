package io.dockerworkflow;

import io.dockerworkflow.internal.children.Inventory;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.owner.LeftDirectories;
import io.dockerworkflow.internal.owner.Sweep;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sessions on an engine, whoever opened them, from whatever process or machine. The engine is the one that a session with
 * the same options would be opened on. Safe for use by several threads.
 */
public final class Sessions {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private Sessions() {}

    /**
     * All sessions that have children, the oldest first.
     *
     * @param options say which engine; the rest of them does not matter
     * @throws EngineException if no engine answers, or it refuses
     */
    public static List<SessionInfo> list(SessionOptions options) {
        return with(options, engine -> new Inventory(engine).sessions());
    }

    /**
     * One session, if it is there and has children.
     *
     * @param options say which engine; the rest of them does not matter
     * @throws EngineException if no engine answers, or it refuses
     */
    public static Optional<SessionInfo> find(SessionOptions options, SessionId id) {
        return list(options).stream().filter(session -> session.id().equals(id)).findFirst();
    }

    /**
     * Removes the children of owners that are dead: those whose lifeline does not run, and still does not two seconds later.
     * Never touches a live owner's, nor anything that no session made. Several sweeps at once do no harm.
     *
     * @param options say which engine; the rest of them does not matter
     * @throws EngineException if no engine answers, or it refuses
     */
    public static SweepReport sweep(SessionOptions options) {
        return with(options, engine -> new Sweep(engine, GRACE, DEADLINE, LeftDirectories.none()).run());
    }

    /**
     * What {@link #sweep} would remove now, without removing anything.
     *
     * @param options say which engine; the rest of them does not matter
     * @throws EngineException if no engine answers, or it refuses
     */
    public static SweepReport sweepable(SessionOptions options) {
        return with(options, engine -> new Sweep(engine, GRACE, DEADLINE, LeftDirectories.none()).look());
    }

    /**
     * Removes a session's children, even if its owner is alive, who is not told: for an operator who knows.
     *
     * @param options say which engine; the rest of them does not matter
     * @throws EngineException if no engine answers, or it refuses
     */
    public static TeardownReport remove(SessionOptions options, SessionId id) {
        return with(options, engine -> new Sweep(engine, GRACE, DEADLINE, LeftDirectories.none()).remove(id));
    }

    private static <T> T with(SessionOptions options, Function<EngineApi, T> use) {
        try (EngineConnection connection = EngineConnection.open(options)) {
            return use.apply(
                    new EngineApi(connection.endpoint(), connection.version().api()));
        } catch (RefusedException | UncheckedIOException e) {
            throw new EngineException(
                    "look at the sessions",
                    options.engine().map(Endpoint::dockerHost).orElse("the engine"),
                    Optional.of(String.valueOf(e.getMessage())),
                    "See in the Docker daemon's log why",
                    e);
        }
    }
}
