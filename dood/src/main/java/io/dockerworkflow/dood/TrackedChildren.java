package io.dockerworkflow.dood;

import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.session.ChildRegistry;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Announces the gateway's children to the session's tracker. Safe for use by several threads. */
final class TrackedChildren implements ChildRegistry, AutoCloseable {
    private final ResourceTracker tracker;

    /** Calls the listener off the gateway's event loops, because its code may block. */
    private final ExecutorService telling = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "docker-workflow-announcements");
        thread.setDaemon(true);
        return thread;
    });

    TrackedChildren(ResourceTracker tracker) {
        this.tracker = tracker;
    }

    @Override
    public Announcement announce(Child child) {
        ResourceTracker.Announcement announcement = tracker.announce(child);
        return new Announcement() {
            private boolean isCreated;

            @Override
            public void created() {
                isCreated = true;
            }

            @Override
            public void end() {
                if (!isCreated) {
                    announcement.close();
                    return;
                }
                telling.execute(() -> {
                    try {
                        announcement.created();
                    } finally {
                        announcement.close();
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
        // After its creation: the same thread reports both.
        telling.execute(() -> tracker.removed(child));
    }

    @Override
    public void close() {
        telling.shutdown();
    }
}
