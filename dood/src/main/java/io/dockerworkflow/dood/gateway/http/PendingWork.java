package io.dockerworkflow.dood.gateway.http;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What clients wait for that takes as long as a registry or a Dockerfile likes: pulls, pushes, builds. Nobody but the session
 * can end it, since its clients are other programs. Safe for use by several threads.
 */
public final class PendingWork {
    /** What the client of ended work is told. */
    public static final String ENDED = "the session that this was part of has been cancelled or closed";

    private static final int SECONDS = 5;

    private final Set<Work> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** Something that can be ended, at any time and more than once. */
    public interface Work {
        /** Ends it; the result completes when it has ended. */
        CompletionStage<?> end();
    }

    /** Has it ended when the session is cancelled or closed; after {@link #endForGood} at once. */
    public void add(Work work) {
        pending.add(work);
        if (over) {
            work.end();
        }
    }

    /** It has ended. */
    public void remove(Work work) {
        pending.remove(work);
    }

    /** Ends what is pending, and waits for that for a few seconds. */
    public void end() {
        List<CompletableFuture<?>> endings = pending.stream()
                .<CompletableFuture<?>>map(work -> work.end().toCompletableFuture())
                .toList();
        try {
            CompletableFuture.allOf(endings.toArray(CompletableFuture<?>[]::new))
                    .completeOnTimeout(null, SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            // It has ended, if with a failure: that is its client's to hear.
            return;
        }
    }

    /** Ends what is pending, and whatever is added from now on. */
    public void endForGood() {
        over = true;
        end();
    }
}
