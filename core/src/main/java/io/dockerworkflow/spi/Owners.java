package io.dockerworkflow.spi;

import io.dockerworkflow.SessionOptions;
import java.util.HashMap;
import java.util.Map;

/**
 * The owners of one workflow's sessions, one for each engine that has open sessions. Holds nothing while no session is open.
 * Safe for use by several threads.
 */
public final class Owners {
    private final Object lock = new Object();
    private final Map<String, Owner> owners = new HashMap<>();

    /** None yet. */
    public Owners() {}

    /** The owner for a session on that engine, which has joined it and must {@linkplain Owner#leave leave} it. */
    Owner join(EngineConnection engine, SessionOptions options) {
        synchronized (lock) {
            Owner owner = owners.computeIfAbsent(
                    engine.endpoint().dockerHost(), key -> Owner.start(this, engine.endpoint(), engine.version()));
            owner.joined(options.watchdog());
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
