package io.dockerworkflow.spi;

import io.dockerworkflow.SessionOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The owners of one workflow's sessions, one for each engine that has open sessions. Holds no resource while no session is open. The first session on an
 * engine has it swept of what dead owners left.
 * Safe for use by several threads.
 */
public final class Owners {
    private final Object lock = new Object();
    private final Map<String, Owner> owners = new HashMap<>();
    private final Set<String> swept = new HashSet<>();

    /** None yet. */
    public Owners() {}

    /** The owner for a session on that engine, which has joined it and must {@linkplain Owner#leave leave} it. */
    Owner join(EngineConnection engine, HostPaths hostPaths, SessionOptions options) {
        synchronized (lock) {
            String host = engine.endpoint().dockerHost();
            Owner owner = owners.computeIfAbsent(host, key -> Owner.start(this, engine.endpoint(), engine.version()));
            if (swept.add(host)) {
                owner.sweepInBackground(options.environment());
            }
            owner.joined(options.watchdog(), hostPaths);
            return owner;
        }
    }

    /** Takes a session away from its owner; true if it was the last one, and the owner has to end. */
    boolean leave(Owner owner) {
        synchronized (lock) {
            return owner.left() && owners.values().remove(owner);
        }
    }
}
