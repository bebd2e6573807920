package io.dockerworkflow.internal.owner;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.host.HostPaths;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An owner's watchdog: none until a session wants one, and then one for all of them. Safe for use by several threads.
 */
final class OwnerWatchdog implements AutoCloseable {
    private final EngineApi engine;
    private final String owner;
    private final Object lock = new Object();
    private Optional<Watchdog> watchdog = Optional.empty();
    private boolean wanted;

    /** None yet. */
    OwnerWatchdog(EngineApi engine, String owner) {
        this.engine = engine;
        this.owner = owner;
    }

    /** Starts it, unless that was done before, or the owner cannot be told from others. */
    void startOnce(HostPaths hostPaths) {
        synchronized (lock) {
            if (!wanted && !owner.equals(Labels.NO_OWNER)) {
                wanted = true;
                watchdog = start(hostPaths);
            }
        }
    }

    /** In a container, a process would end with the container: there it takes another container, if there is a socket. */
    private Optional<Watchdog> start(HostPaths hostPaths) {
        String label = Labels.OWNER + "=" + owner;
        if (hostPaths.container().isPresent() && engine.endpoint() instanceof Endpoint.UnixSocket) {
            return WatchdogContainer.start(
                    engine,
                    label,
                    "dw-watchdog-" + owner,
                    Map.of(Labels.LIFELINE, "watchdog"),
                    hostPaths.container().get());
        }
        return WatchdogProcess.start(engine, label);
    }

    /** Tells it something, if there is one. */
    void tell(Consumer<Watchdog> message) {
        Optional<Watchdog> started;
        synchronized (lock) {
            started = watchdog;
        }
        started.ifPresent(message);
    }

    @Override
    public void close() {
        tell(Watchdog::close);
    }
}
