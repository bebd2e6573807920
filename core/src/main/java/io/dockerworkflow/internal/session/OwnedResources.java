package io.dockerworkflow.internal.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resources that end with their session, the last one first. Safe for use by several threads. */
final class OwnedResources {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private boolean closed;

    /** Adds one; false, and nothing is added, if they have been closed. */
    synchronized boolean add(AutoCloseable resource) {
        if (!closed) {
            resources.push(resource);
        }
        return !closed;
    }

    /** Adds one that is closed after all others. */
    synchronized void addLast(AutoCloseable resource) {
        resources.addLast(resource);
    }

    /** Closes all of them despite failures, and returns the first failure with the others suppressed onto it. */
    Optional<Throwable> closeAll() {
        Throwable first = null;
        for (AutoCloseable resource = next(); resource != null; resource = next()) {
            try {
                resource.close();
            } catch (Throwable e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        return Optional.ofNullable(first);
    }

    private synchronized @Nullable AutoCloseable next() {
        closed = true;
        return resources.poll();
    }
}
