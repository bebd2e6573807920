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
 * The sessions on an engine, from all processes and machines. The engine is the one on which a session with the same options
 * would be opened. Safe for use by several threads.
 */
public final class Sessions {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private Sessions() {}

    /**
     * Lists all sessions that have children, the oldest first.
     *
     * @param options select the engine; their other settings are ignored
     * @throws EngineException if no engine answers, or the engine refuses
     */
    public static List<SessionInfo> list(SessionOptions options) {
        return with(options, engine -> new Inventory(engine).sessions());
    }

    /**
     * Finds one session. Returns empty if it does not exist or has no children.
     *
     * @param options select the engine; their other settings are ignored
     * @throws EngineException if no engine answers, or the engine refuses
     */
    public static Optional<SessionInfo> find(SessionOptions options, SessionId id) {
        return list(options).stream().filter(session -> session.id().equals(id)).findFirst();
    }

    /**
     * Removes the children of dead owners. An owner is dead if its lifeline does not run, and still does not run two
     * seconds later. A sweep never touches the children of a live owner, nor anything that no session made. Several sweeps
     * may run at once.
     *
     * <p>The removal of each session has a deadline of two minutes. Children that are still there then are
     * {@linkplain SweepReport#survivors() survivors}; the next sweep tries again. If the thread is interrupted during the
     * two seconds, the sweep removes nothing and the interrupt flag stays set.
     *
     * @param options select the engine; their other settings are ignored
     * @throws EngineException if no engine answers, or the engine refuses
     */
    public static SweepReport sweep(SessionOptions options) {
        return with(options, engine -> new Sweep(engine, GRACE, DEADLINE, LeftDirectories.none()).run());
    }

    /**
     * Reports what {@link #sweep} would remove now, and removes nothing. Does not wait for two seconds.
     *
     * @param options select the engine; their other settings are ignored
     * @throws EngineException if no engine answers, or the engine refuses
     */
    public static SweepReport sweepable(SessionOptions options) {
        return with(options, engine -> new Sweep(engine, GRACE, DEADLINE, LeftDirectories.none()).look());
    }

    /**
     * Removes a session's children, even if its owner is alive. The owner is not notified. This is for operators who know
     * that the session is not needed. The removal has a deadline of two minutes; children that are still there then are
     * survivors.
     *
     * @param options select the engine; their other settings are ignored
     * @throws EngineException if no engine answers, or the engine refuses
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
                    "Read the Docker daemon's log",
                    e);
        }
    }
}
