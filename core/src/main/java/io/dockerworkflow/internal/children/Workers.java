package io.dockerworkflow.internal.children;

import io.dockerworkflow.internal.children.Calls.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeoutException;

/**
 * Daemon threads that make calls to an engine, so that whoever waits for the answers can stop waiting: nothing else bounds a
 * read from a Unix socket.
 */
final class Workers implements AutoCloseable {
    /** The docker CLI's limit for what it does in parallel. */
    static final int PARALLEL = 50;

    private final ScheduledThreadPoolExecutor executor;

    Workers(String name) {
        executor = new ScheduledThreadPoolExecutor(PARALLEL, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Calls whose ends are taken as they come. */
    <K, T> Calls<K, T> calls() {
        return new Calls<>(executor);
    }

    /**
     * Makes the calls in parallel after a pause, and waits for their answers until the deadline. An interrupt of the waiting
     * thread waits until this returns.
     *
     * @return the answers in the order of the calls; a {@link TimeoutException} for those that came too late
     */
    <T> List<Answer<T>> all(List<Callable<T>> calls, long pauseMillis, Deadline deadline) {
        Calls<Integer, T> running = calls();
        for (int i = 0; i < calls.size(); i++) {
            running.start(i, calls.get(i), pauseMillis, deadline);
        }
        Map<Integer, Answer<T>> answers = new TreeMap<>();
        while (answers.size() < calls.size()) {
            running.next(deadline).ifPresent(end -> answers.put(end.key(), end.answer()));
        }
        return new ArrayList<>(answers.values());
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
