package io.dockerworkflow.internal.owner;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.DaemonThread;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.EngineVersion;
import io.dockerworkflow.internal.engine.RefusedException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An owner's lifeline, from its start, which runs beside the first session's opening, to its end. An engine for which there is
 * no lifeline has none, and is not waited for. Safe for use by several threads.
 */
final class OwnerLifeline {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerLifeline.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** An engine that does not answer must not hold a session's end for longer than its deadline and a little more. */
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final EngineApi engine;
    private final String owner;
    private final FutureTask<Optional<Lifeline>> starting;

    private OwnerLifeline(EngineApi engine, String owner, FutureTask<Optional<Lifeline>> starting) {
        this.engine = engine;
        this.owner = owner;
        this.starting = starting;
    }

    /** Whether there are lifelines for such an engine. */
    static boolean supports(EngineVersion version) {
        return version.os().equals("linux") && Lifeline.supports(version.arch());
    }

    /** Begins the start, and does not wait for it. */
    static OwnerLifeline start(EngineApi engine, EngineVersion version, String owner) {
        String name = "dw-lifeline-" + owner;
        FutureTask<Optional<Lifeline>> starting = new FutureTask<>(() -> supports(version)
                ? Optional.of(Lifeline.start(
                        engine, version.arch(), name, Map.of(Labels.OWNER, owner, Labels.LIFELINE, "true")))
                : Optional.empty());
        DaemonThread.start(name + "-start", starting);
        return new OwnerLifeline(engine, owner, starting);
    }

    /**
     * Waits until the engine shows that the owner is alive.
     *
     * @throws EngineException if that cannot be
     */
    void awaitStart() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    starting.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                    return;
                } catch (InterruptedException e) {
                    // Bounded, and short: as in every call to the engine, the end of the session's life decides.
                    interrupted = true;
                } catch (TimeoutException e) {
                    starting.cancel(true);
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

    /** Begins the end at once, on a thread of its own. Closing the returned resource waits for it. */
    AutoCloseable end() {
        FutureTask<Void> ending = new FutureTask<>(this::close, null);
        DaemonThread.start("dw-lifeline-" + owner + "-end", ending);
        return () -> {
            try {
                ending.get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Our connection to it is closed, so it ends as soon as the engine does anything again.
                LOG.debug("The engine did not end the lifeline of owner {} in time", owner, e);
            }
        };
    }

    private void close() {
        try {
            starting.get().ifPresent(Lifeline::close);
        } catch (InterruptedException | ExecutionException e) {
            // It never was: whoever waited for its start was told.
            return;
        } catch (RefusedException | UncheckedIOException e) {
            // It has ended with our connection to it; whether the engine could be told so is no matter of the
            // session's.
            LOG.debug("The lifeline of owner {} was not seen to end", owner, e);
        }
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
}
