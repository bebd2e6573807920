package io.dockerworkflow.internal.owner;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.engine.DaemonThread;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The removal of what dead owners left on an engine, beside the first session that is opened there. */
final class BackgroundSweep {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundSweep.class);
    /** So as not to take the processor from the first session's first container. */
    private static final Duration DELAY = Duration.ofSeconds(1);

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private BackgroundSweep() {}

    /**
     * Sweeps on a thread of its own, once the owner's own lifeline runs. What it finds wrong is for whoever sweeps next.
     *
     * @param owner the owner's id
     * @param environment tells where sessions' directories are
     */
    static void begin(EngineApi engine, OwnerLifeline lifeline, String owner, Map<String, String> environment) {
        LeftDirectories directories = new LeftDirectories(
                SessionParents.usual(environment), engine.endpoint().dockerHost());
        Executor later = CompletableFuture.delayedExecutor(
                DELAY.toMillis(), TimeUnit.MILLISECONDS, sweep -> DaemonThread.start("dw-sweep-" + owner, sweep));
        later.execute(() -> {
            try {
                lifeline.awaitStart();
                new Sweep(engine, GRACE, LIMIT, directories).run();
            } catch (EngineException | RefusedException | UncheckedIOException e) {
                LOG.debug("The sweep at the first open was not completed", e);
            }
        });
    }
}
