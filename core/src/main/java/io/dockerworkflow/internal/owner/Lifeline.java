package io.dockerworkflow.internal.owner;

import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.http.RawConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running container that ends when this process does: the engine closes its standard input when the kernel closes our
 * connection, whatever ended us. Where the container ends while we live (the engine was restarted, somebody removed it),
 * another takes its place. Safe for use by several threads; whoever starts it closes it.
 */
public final class Lifeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);
    private static final int NOT_FOUND = 404;
    private static final int ATTEMPTS = 5;
    private static final long RETRY_MILLIS = 100;

    private final EngineApi engine;
    private final LifelineImage image;
    private final String name;
    private final Map<String, String> labels;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Object lock = new Object();
    private Strand strand;
    private int started;

    private Lifeline(EngineApi engine, LifelineImage image, String name, Map<String, String> labels) {
        this.engine = engine;
        this.image = image;
        this.name = name;
        this.labels = Map.copyOf(labels);
        this.strand = start();
    }

    /** A container and our connection to it. */
    private record Strand(String container, RawConnection connection) {}

    /** Whether there can be lifelines on an engine of that architecture, in Go's words. */
    public static boolean supports(String architecture) {
        return LifelineProgram.of(architecture).isPresent();
    }

    /**
     * Starts a lifeline; when this returns, its container runs.
     *
     * @param architecture the engine's, in Go's words; one that is {@linkplain #supports supported}
     * @param name what the container's name begins with
     * @param labels the container's labels
     * @throws RefusedException if the engine refuses
     * @throws UncheckedIOException if it does not answer
     */
    public static Lifeline start(EngineApi engine, String architecture, String name, Map<String, String> labels) {
        LifelineProgram program = LifelineProgram.of(architecture).orElseThrow();
        Lifeline lifeline = new Lifeline(engine, new LifelineImage(engine, program), name, labels);
        Thread keeper = new Thread(lifeline::keep, name);
        keeper.setDaemon(true);
        keeper.start();
        return lifeline;
    }

    /** Ends the container, waits until it is gone, and removes the image if no other lifeline uses it. Idempotent. */
    @Override
    public void close() {
        Strand last;
        synchronized (lock) {
            if (closed.getCount() == 0) {
                return;
            }
            closed.countDown();
            last = strand;
        }
        cut(last);
        try {
            // Forced, so as not to wait for the engine to remove by itself what it sees end; either may come first.
            engine.delete("/containers/" + last.container() + "?force=1");
        } catch (RefusedException e) {
            awaitRemoval(last.container());
        }
        image.removeIfUnused();
    }

    /** The engine is already removing it: the image is in use as long as that lasts. */
    private void awaitRemoval(String container) {
        try {
            engine.post("/containers/" + container + "/wait?condition=removed", Map.of());
        } catch (RefusedException gone) {
            LOG.debug("Lifeline {} is gone: {}", name, gone.getMessage());
        }
    }

    private Strand start() {
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnce();
            } catch (RefusedException e) {
                // The last owner of another process may have removed the image between our two requests.
                if (e.status() != NOT_FOUND || attempt == ATTEMPTS) {
                    throw e;
                }
                image.create();
            }
        }
    }

    private Strand startOnce() {
        // Another name than its predecessor's, which may still be on its way out.
        String suffix = started == 0 ? "" : "-" + (started + 1);
        String container = engine.post("/containers/create?name=" + name + suffix, specification())
                .text("Id");
        RawConnection connection = null;
        try {
            // Attached before it starts, or it would be without its input for a moment, and never end. To its output,
            // too,
            // because engine 20.10 leaves a connection open that is attached to the input of what has ended.
            connection = engine.upgrade("/containers/" + container + "/attach?stream=1&stdin=1&stdout=1");
            engine.post("/containers/" + container + "/start", Map.of());
            started++;
            return new Strand(container, connection);
        } catch (RuntimeException e) {
            if (connection != null) {
                cut(new Strand(container, connection));
            }
            try {
                engine.delete("/containers/" + container + "?force=1");
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private Map<String, Object> specification() {
        return Map.of(
                "Image",
                image.name(),
                "Cmd",
                List.of("/" + LifelineImage.EXECUTABLE),
                "User",
                "65534:65534",
                "OpenStdin",
                true,
                "StdinOnce",
                true,
                "Labels",
                labels,
                // Without this, engines 20.10 and 26 start a process for each container that sets its network up, for
                // the mode "none", too. That is half of what starting costs. 28.5.2 has no such process.
                "NetworkDisabled",
                true,
                "HostConfig",
                Map.ofEntries(
                        Map.entry("AutoRemove", true),
                        Map.entry("NetworkMode", "none"),
                        Map.entry("IpcMode", "none"),
                        Map.entry("ReadonlyRootfs", true),
                        Map.entry("CapDrop", List.of("ALL")),
                        Map.entry("SecurityOpt", List.of("no-new-privileges")),
                        Map.entry("LogConfig", Map.of("Type", "none")),
                        // runc itself needs this much to start it; the program needs a page.
                        Map.entry("Memory", 16 * 1024 * 1024),
                        Map.entry("PidsLimit", 32)));
    }

    /** Waits for the container's end, and starts another, until closed. */
    private void keep() {
        while (closed.getCount() > 0) {
            Strand current;
            synchronized (lock) {
                current = strand;
            }
            awaitEnd(current.connection());
            cut(current);
            while (closed.getCount() > 0 && !replace()) {
                pause();
            }
        }
    }

    private boolean replace() {
        try {
            Strand next = start();
            synchronized (lock) {
                strand = next;
                if (closed.getCount() > 0) {
                    return true;
                }
            }
            // Closed meanwhile: this one ends with its input.
            cut(next);
            return true;
        } catch (RefusedException | UncheckedIOException e) {
            LOG.debug("Lifeline {} cannot be started yet: {}", name, e.getMessage());
            return false;
        }
    }

    private void pause() {
        try {
            closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody knows this thread but the JVM's end, which does not interrupt.
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEnd(RawConnection connection) {
        try {
            connection.input().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.trace("The lifeline's stream ended", e);
        }
    }

    private static void cut(Strand strand) {
        try {
            strand.connection().close();
        } catch (IOException e) {
            LOG.debug("Closing the connection to lifeline {}", strand.container(), e);
        }
    }
}
