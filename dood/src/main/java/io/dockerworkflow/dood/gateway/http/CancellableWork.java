package io.dockerworkflow.dood.gateway.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Work on an image, if a request is for such: it is pending until its response ends, and the session can end it before. Lives on the
 * client's event loop.
 */
final class CancellableWork implements PendingWork.Work {
    private final PendingWork pending;
    private final CompletionHook completion;
    private final Executor loop;
    private final BooleanSupplier stop;
    private final Runnable ended;

    /**
     * Work that has not begun.
     *
     * @param pending knows it while the session can end it
     * @param completion what is to be done at its end
     * @param loop the client's event loop
     * @param stop has the engine drop what it does; false if it does nothing
     * @param ended tells the client, when the session has ended the work
     */
    CancellableWork(
            PendingWork pending, CompletionHook completion, Executor loop, BooleanSupplier stop, Runnable ended) {
        this.pending = pending;
        this.completion = completion;
        this.loop = loop;
        this.stop = stop;
        this.ended = ended;
    }

    /** The engine is about to begin with it. */
    void begin() {
        if (completion.isPending()) {
            pending.add(this);
        }
    }

    /** Does what is to be done at its end, if it is not done; the session can no longer end it. */
    CompletionStage<?> settle() {
        pending.remove(this);
        return completion.settle();
    }

    /** The session ends it: the engine drops what its client no longer waits for, and the client is told so. */
    @Override
    public CompletionStage<?> end() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            if (!completion.isPending() || !stop.getAsBoolean()) {
                done.complete(null);
                return;
            }
            settle().whenComplete((settled, failure) -> {
                ended.run();
                done.complete(null);
            });
        });
        return done;
    }
}
