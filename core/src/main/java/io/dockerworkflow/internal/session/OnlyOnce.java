package io.dockerworkflow.internal.session;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work that is done once, on a thread of its own, so that neither an interrupt of a caller nor its end disturbs it. Safe for
 * use by several threads.
 */
final class OnlyOnce<T> {
    private final Object lock = new Object();
    private final String threadName;
    private Thread worker = Thread.currentThread();
    private FutureTask<T> task = new FutureTask<>(() -> {}, null);
    private boolean begun;

    OnlyOnce(String threadName) {
        this.threadName = threadName;
    }

    /**
     * Begins the work if nobody has, and waits for its end. An interrupt stays pending until this returns.
     *
     * @throws IllegalStateException if the work itself calls this, which would wait for ever
     */
    T get(Supplier<T> work) {
        FutureTask<T> running = begin(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return running.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException cause) {
                        throw cause;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the work has begun. */
    boolean begun() {
        synchronized (lock) {
            return begun;
        }
    }

    /** Whether this is the thread that does the work, and it is not done yet. */
    boolean isDoneHere() {
        synchronized (lock) {
            return begun && worker.equals(Thread.currentThread()) && !task.isDone();
        }
    }

    private FutureTask<T> begin(Supplier<T> work) {
        synchronized (lock) {
            if (!begun) {
                begun = true;
                task = new FutureTask<>(work::get);
                worker = new Thread(task, threadName);
                worker.setDaemon(true);
                worker.start();
            } else if (isDoneHere()) {
                throw new IllegalStateException("A session's teardown cannot wait for itself: a listener called it");
            }
            return task;
        }
    }
}
