package io.dockerworkflow.spi;

import io.dockerworkflow.Child;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.inventory.LeftDirectories;
import io.dockerworkflow.internal.inventory.Sweep;
import io.dockerworkflow.internal.lifeline.Lifeline;
import io.dockerworkflow.internal.removal.RefusedException;
import io.dockerworkflow.internal.watchdog.Watchdog;
import io.dockerworkflow.internal.watchdog.WatchdogContainer;
import io.dockerworkflow.internal.watchdog.WatchdogProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose the sessions are: this process, as far as one workflow and engine are concerned. Its lifeline tells everybody on the
 * engine that it is alive, and its watchdog removes its children should it die. Both start beside the first session's opening
 * and end with the last session. Safe for use by several threads.
 */
final class Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** So as not to take the processor from the first session's first container. */
    private static final Duration SWEEP_DELAY = Duration.ofSeconds(1);

    /** An engine that does not answer must not hold a session's end for longer than its deadline and a little more. */
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private static final Duration SWEEP_GRACE = Duration.ofSeconds(2);
    private static final Duration SWEEP_LIMIT = Duration.ofMinutes(2);

    private final Owners owners;
    private final String id;
    private final EngineApi engine;
    private final FutureTask<Optional<Lifeline>> lifeline;
    private final Object lock = new Object();
    private Optional<Watchdog> watchdog = Optional.empty();
    private boolean watched;
    private int sessions;

    private Owner(Owners owners, String id, EngineApi engine, FutureTask<Optional<Lifeline>> lifeline) {
        this.owners = owners;
        this.id = id;
        this.engine = engine;
        this.lifeline = lifeline;
    }

    static Owner start(Owners owners, Endpoint endpoint, EngineVersion version) {
        EngineApi engine = new EngineApi(endpoint, version.api());
        boolean possible = version.os().equals("linux") && Lifeline.supports(version.arch());
        String id = possible ? randomId() : Labels.NO_OWNER;
        String name = "dw-lifeline-" + id;
        FutureTask<Optional<Lifeline>> lifeline = new FutureTask<>(() -> possible
                ? Optional.of(
                        Lifeline.start(engine, version.arch(), name, Map.of(Labels.OWNER, id, Labels.LIFELINE, "true")))
                : Optional.empty());
        thread(lifeline, name + "-start");
        return new Owner(owners, id, engine, lifeline);
    }

    String id() {
        return id;
    }

    private static String randomId() {
        return String.format("%012x", new SecureRandom().nextLong() & 0xffff_ffff_ffffL);
    }

    /**
     * Removes what dead owners left on the engine, on a thread of its own, once this owner's own lifeline runs: what it finds
     * wrong is for whoever sweeps next.
     */
    void sweepInBackground(Map<String, String> environment) {
        LeftDirectories directories = new LeftDirectories(
                SessionDirectory.usualParents(environment), engine.endpoint().dockerHost());
        Executor later = CompletableFuture.delayedExecutor(
                SWEEP_DELAY.toMillis(), TimeUnit.MILLISECONDS, sweep -> thread(sweep, "dw-sweep-" + id));
        later.execute(() -> {
            try {
                awaitAlive();
                new Sweep(engine, SWEEP_GRACE, SWEEP_LIMIT, directories).run();
            } catch (EngineException | RefusedException | UncheckedIOException e) {
                LOG.debug("The sweep at the first open was not completed", e);
            }
        });
    }

    /** One more session; with or without a watchdog, which serves all once it is there. Called with the owners' lock held. */
    void joined(boolean withWatchdog, HostPaths hostPaths) {
        synchronized (lock) {
            sessions++;
            if (withWatchdog && !watched && !id.equals(Labels.NO_OWNER)) {
                watched = true;
                watchdog = startWatchdog(hostPaths);
            }
        }
    }

    /** In a container, a process would end with the container: there it takes another container, if there is a socket. */
    private Optional<Watchdog> startWatchdog(HostPaths hostPaths) {
        String label = Labels.OWNER + "=" + id;
        if (hostPaths.container().isPresent() && engine.endpoint() instanceof Endpoint.UnixSocket) {
            return WatchdogContainer.start(
                    engine,
                    label,
                    "dw-watchdog-" + id,
                    Map.of(Labels.LIFELINE, "watchdog"),
                    hostPaths.container().get());
        }
        return WatchdogProcess.start(engine, label);
    }

    /** One session less; true if it was the last. Called with the owners' lock held. */
    boolean left() {
        synchronized (lock) {
            sessions--;
            return sessions == 0;
        }
    }

    /**
     * Waits until the engine shows that this owner is alive. No child may exist before, because it would be taken for one that
     * a dead owner left.
     *
     * @throws EngineException if that cannot be
     */
    void awaitAlive() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    lifeline.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                    return;
                } catch (InterruptedException e) {
                    // Bounded, and short: as in every call to the engine, the end of the session's life decides.
                    interrupted = true;
                } catch (TimeoutException e) {
                    lifeline.cancel(true);
                    throw notAlive("the engine did not start it within " + START_LIMIT.toSeconds() + " s", e);
                } catch (ExecutionException e) {
                    String words = e.getCause() == null ? null : e.getCause().getMessage();
                    throw notAlive(String.valueOf(words), e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Has a child without labels removed should this process die. */
    void watch(Child child) {
        tell(dog -> dog.add(child));
    }

    /** Takes back {@link #watch(Child)}. */
    void unwatch(Child child) {
        tell(dog -> dog.drop(child));
    }

    /** Has a session's directory deleted should this process die, by the watchdog or a later sweep. */
    void watch(Path directory) {
        try {
            LeftDirectories.mark(directory, engine.endpoint().dockerHost(), id);
        } catch (IOException e) {
            LOG.debug("No sweep will know whose {} is", directory, e);
        }
        tell(dog -> dog.add(directory));
    }

    /** Takes back {@link #watch(Path)}. */
    void unwatch(Path directory) {
        tell(dog -> dog.drop(directory));
    }

    /**
     * A session leaves. The last one ends the lifeline, which begins at once on a thread of its own; the end of the watchdog,
     * and of the waiting for the lifeline's, is for the returned resource, to be closed when the session's children are gone.
     */
    AutoCloseable leave() {
        if (!owners.leave(this)) {
            return () -> {};
        }
        FutureTask<Void> ending = new FutureTask<>(this::endLifeline, null);
        thread(ending, "dw-lifeline-" + id + "-end");
        return () -> {
            try {
                ending.get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Our connection to it is closed, so it ends as soon as the engine does anything again.
                LOG.debug("The engine did not end the lifeline of owner {} in time", id, e);
            } finally {
                tell(Watchdog::close);
            }
        };
    }

    private void endLifeline() {
        try {
            lifeline.get().ifPresent(Lifeline::close);
        } catch (InterruptedException | ExecutionException e) {
            // It never was: whoever waited for its start was told.
            return;
        } catch (RefusedException | UncheckedIOException e) {
            // It has ended with our connection to it; whether the engine could be told so is no matter of the
            // session's.
            LOG.debug("The lifeline of owner {} was not seen to end", id, e);
        }
    }

    private void tell(Consumer<Watchdog> message) {
        Optional<Watchdog> dog;
        synchronized (lock) {
            dog = watchdog;
        }
        dog.ifPresent(message);
    }

    private EngineException notAlive(String words, @Nullable Throwable cause) {
        return new EngineException(
                "start the lifeline container",
                engine.endpoint().dockerHost(),
                Optional.of(words),
                "See in the Docker daemon's log why; without it, others could not tell this session's children from those of"
                        + " a dead process",
                cause);
    }

    private static void thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
