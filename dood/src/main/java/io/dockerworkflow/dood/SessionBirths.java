package io.dockerworkflow.dood;

import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.Births;
import io.dockerworkflow.spi.ResourceTracker;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Announces the gateway's children to the session's tracker. Safe for use by several threads. */
final class SessionBirths implements Births, AutoCloseable {
    private final ResourceTracker tracker;

    /** Calls the listener off the gateway's event loops, because its code may block. */
    private final ExecutorService telling = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "docker-workflow-births");
        thread.setDaemon(true);
        return thread;
    });

    SessionBirths(ResourceTracker tracker) {
        this.tracker = tracker;
    }

    @Override
    public Birth begin(Child child) {
        ResourceTracker.Birth birth = tracker.birth(child);
        return new Birth() {
            private boolean isBorn;

            @Override
            public void born() {
                isBorn = true;
            }

            @Override
            public void end() {
                if (!isBorn) {
                    birth.close();
                    return;
                }
                telling.execute(() -> {
                    try {
                        birth.born();
                    } finally {
                        birth.close();
                    }
                });
            }
        };
    }

    @Override
    public void trackUnlabelled(Child child) {
        tracker.trackUnlabelled(child);
    }

    @Override
    public void forget(Child child) {
        // After the birth: the same thread reports both.
        telling.execute(() -> tracker.removed(child));
    }

    @Override
    public void close() {
        telling.shutdown();
    }
}
