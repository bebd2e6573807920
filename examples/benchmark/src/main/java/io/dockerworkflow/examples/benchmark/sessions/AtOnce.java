package io.dockerworkflow.examples.benchmark.sessions;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Does things at once, each on a thread of its own. */
final class AtOnce {
    private AtOnce() {}

    /** Does the task with each number below the count and returns how many milliseconds the slowest took. */
    static double milliseconds(int count, IntConsumer task) {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            long begun = System.nanoTime();
            List<CompletableFuture<Void>> running = IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> task.accept(i), threads))
                    .toList();
            running.forEach(CompletableFuture::join);
            return (System.nanoTime() - begun) / 1e6;
        } finally {
            threads.shutdown();
        }
    }
}
