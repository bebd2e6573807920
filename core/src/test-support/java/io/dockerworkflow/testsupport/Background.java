package io.dockerworkflow.testsupport;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work on a thread of its own. The JDK's common pool has one thread on two processors, and from JDK 25 on
 * {@link CompletableFuture} uses it all the same: work that waits for other work would wait for ever.
 */
public final class Background {
    private Background() {}

    /** Runs it on another thread. */
    public static CompletableFuture<Void> run(Runnable work) {
        return CompletableFuture.runAsync(work, Background::start);
    }

    /** Has it computed on another thread. */
    public static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Background::start);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "test-background");
        thread.setDaemon(true);
        thread.start();
    }
}
