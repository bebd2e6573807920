package io.dockerworkflow.internal.owner;

import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.host.HostPaths;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The owners of one workflow's sessions, one for each engine that has open sessions. Holds no resource while no session is
 * open. The first session on an engine has it swept of what dead owners left. Safe for use by several threads.
 */
public final class Owners {
    private final Object lock = new Object();
    private final Map<String, Shared> owners = new HashMap<>();
    private final Set<String> swept = new HashSet<>();

    /** None yet. */
    public Owners() {}

    /** The owner of an engine's open sessions, and their number. Used with the lock held. */
    private final class Shared {
        private final Owner owner;
        private int sessions;

        private Shared(EngineConnection engine) {
            this.owner = Owner.start(engine.endpoint(), engine.version(), () -> leave(this));
        }
    }

    /** The owner for a session on that engine, which has joined it and must {@linkplain Owner#leave leave} it. */
    public Owner join(EngineConnection engine, HostPaths hostPaths, SessionOptions options) {
        synchronized (lock) {
            String host = engine.endpoint().dockerHost();
            Shared shared = owners.computeIfAbsent(host, key -> new Shared(engine));
            if (swept.add(host)) {
                shared.owner.sweepInBackground(options.environment());
            }
            shared.sessions++;
            if (options.watchdog()) {
                shared.owner.startWatchdog(hostPaths);
            }
            return shared.owner;
        }
    }

    /** Takes a session away from its owner; true if it was the last one, and the owner has to end. */
    private boolean leave(Shared shared) {
        synchronized (lock) {
            shared.sessions--;
            return shared.sessions == 0 && owners.values().remove(shared);
        }
    }
}
