package io.dockerworkflow.internal.owner;

import io.dockerworkflow.Child;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.EngineVersion;
import io.dockerworkflow.internal.host.HostPaths;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose the sessions are: this process, as far as one workflow and engine are concerned. Its {@linkplain OwnerLifeline lifeline}
 * tells everybody on the engine that it is alive, and its {@linkplain OwnerWatchdog watchdog} removes its children should it
 * die. Safe for use by several threads.
 */
public final class Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);

    private final String id;
    private final EngineApi engine;
    private final OwnerLifeline lifeline;
    private final OwnerWatchdog watchdog;
    private final BooleanSupplier leaving;

    private Owner(String id, EngineApi engine, OwnerLifeline lifeline, BooleanSupplier leaving) {
        this.id = id;
        this.engine = engine;
        this.lifeline = lifeline;
        this.watchdog = new OwnerWatchdog(engine, id);
        this.leaving = leaving;
    }

    /**
     * Begins the life of an owner.
     *
     * @param leaving takes one of its sessions away; true if it was the last one
     */
    static Owner start(Endpoint endpoint, EngineVersion version, BooleanSupplier leaving) {
        EngineApi engine = new EngineApi(endpoint, version.api());
        String id = OwnerLifeline.supports(version) ? randomId() : Labels.NO_OWNER;
        return new Owner(id, engine, OwnerLifeline.start(engine, version, id), leaving);
    }

    private static String randomId() {
        return String.format("%012x", new SecureRandom().nextLong() & 0xffff_ffff_ffffL);
    }

    public String id() {
        return id;
    }

    /** Removes what dead owners left on the engine, beside the sessions. */
    void sweepInBackground(Map<String, String> environment) {
        BackgroundSweep.begin(engine, lifeline, id, environment);
    }

    /** From now on there is a watchdog, where there can be one; it serves all sessions. */
    void startWatchdog(HostPaths hostPaths) {
        watchdog.startOnce(hostPaths);
    }

    /**
     * Waits until the engine shows that this owner is alive. No child may exist before, because it would be taken for one that
     * a dead owner left.
     *
     * @throws EngineException if that cannot be
     */
    public void awaitAlive() {
        lifeline.awaitStart();
    }

    /** Has a child without labels removed should this process die. */
    public void watch(Child child) {
        watchdog.tell(dog -> dog.add(child));
    }

    /** Takes back {@link #watch(Child)}. */
    public void unwatch(Child child) {
        watchdog.tell(dog -> dog.drop(child));
    }

    /** Has a session's directory deleted should this process die, by the watchdog or a later sweep. */
    public void watch(Path directory) {
        try {
            LeftDirectories.mark(directory, engine.endpoint().dockerHost(), id);
        } catch (IOException e) {
            LOG.debug("No sweep will know whose {} is", directory, e);
        }
        watchdog.tell(dog -> dog.add(directory));
    }

    /** Takes back {@link #watch(Path)}. */
    public void unwatch(Path directory) {
        watchdog.tell(dog -> dog.drop(directory));
    }

    /**
     * A session leaves. The last one ends the lifeline, which begins at once on a thread of its own; the end of the watchdog,
     * and of the waiting for the lifeline's, is for the returned resource, to be closed when the session's children are gone.
     */
    public AutoCloseable leave() {
        if (!leaving.getAsBoolean()) {
            return () -> {};
        }
        AutoCloseable lifelineEnd = lifeline.end();
        return () -> {
            try (watchdog) {
                lifelineEnd.close();
            }
        };
    }
}
