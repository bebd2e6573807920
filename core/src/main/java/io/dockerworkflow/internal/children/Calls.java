package io.dockerworkflow.internal.children;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls that are under way, whose ends are taken one by one as they come. For one thread. */
final class Calls<K, T> {
    private final ScheduledExecutorService executor;
    private final BlockingQueue<Attempt> ends = new LinkedBlockingQueue<>();
    private final Map<K, Attempt> running = new LinkedHashMap<>();

    /** Calls that the executor's threads make. */
    Calls(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    /** How a call ended: with a value, or with a failure. */
    sealed interface Answer<T> {
        record Value<T>(T value) implements Answer<T> {}

        record Failure<T>(Throwable cause) implements Answer<T> {}
    }

    /** A call that has ended. */
    record Ended<K, T>(K key, Answer<T> answer) {}

    /** One call. A late end of one that was given up is told from the end of the next with the same key. */
    private final class Attempt {
        private final K key;
        private final Deadline limit;
        private volatile @Nullable Answer<T> answer;
        private @Nullable Future<?> future;

        private Attempt(K key, Deadline limit) {
            this.key = key;
            this.limit = limit;
        }

        private void make(Callable<T> call) {
            try {
                answer = new Answer.Value<>(call.call());
            } catch (Exception | Error e) {
                answer = new Answer.Failure<>(e);
            }
            ends.add(this);
        }

        private Ended<K, T> giveUp() {
            Future<?> call = future;
            if (call != null) {
                call.cancel(true);
            }
            return new Ended<>(key, new Answer.Failure<>(new TimeoutException("the engine did not answer in time")));
        }
    }

    /**
     * Makes a call after a pause.
     *
     * @param key what it is called here; no call of that name is under way
     * @param limit when its answer is too late
     */
    void start(K key, Callable<T> call, long pauseMillis, Deadline limit) {
        Attempt attempt = new Attempt(key, limit);
        running.put(key, attempt);
        attempt.future = executor.schedule(() -> attempt.make(call), pauseMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Waits for the next end of a call: its answer, or the failure that its limit has passed ({@link TimeoutException}). An
     * interrupt of the thread is kept for later.
     *
     * @param longest how long to wait at most
     * @return empty if no call has ended by then
     */
    Optional<Ended<K, T>> next(Deadline longest) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Deadline first = longest;
                    for (Attempt attempt : running.values()) {
                        first = attempt.limit.leftNanos() < first.leftNanos() ? attempt.limit : first;
                    }
                    Attempt end = ends.poll(Math.max(0, first.leftNanos()), TimeUnit.NANOSECONDS);
                    if (end != null && running.remove(end.key, end)) {
                        return Optional.of(new Ended<>(end.key, Objects.requireNonNull(end.answer)));
                    }
                    Optional<Attempt> late = running.values().stream()
                            .filter(attempt -> attempt.limit.passed())
                            .findFirst();
                    if (end == null && late.isPresent()) {
                        running.remove(late.get().key);
                        return Optional.of(late.get().giveUp());
                    }
                    if (end == null && longest.passed()) {
                        return Optional.empty();
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
