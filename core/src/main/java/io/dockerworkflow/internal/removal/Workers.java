package io.dockerworkflow.internal.removal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Daemon threads that make calls to an engine, so that whoever waits for the answers can stop waiting: docker-java's own
 * response timeout has no effect on Unix sockets (seen with 3.7.1).
 */
final class Workers implements AutoCloseable {
    /** The docker CLI's limit for what it does in parallel. */
    private static final int PARALLEL = 50;

    private final ScheduledThreadPoolExecutor executor;

    Workers(String name) {
        executor = new ScheduledThreadPoolExecutor(PARALLEL, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** How a call ended: with a value, or with a failure. */
    sealed interface Answer<T> {
        record Value<T>(T value) implements Answer<T> {}

        record Failure<T>(Throwable cause) implements Answer<T> {}
    }

    /**
     * Makes the calls in parallel after a pause, and waits for their answers until the deadline. An interrupt of the waiting
     * thread waits until this returns.
     *
     * @return the answers in the order of the calls; a {@link TimeoutException} for those that came too late
     */
    <T> List<Answer<T>> all(List<Callable<T>> calls, long pauseMillis, Deadline deadline) {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> call : calls) {
            futures.add(executor.schedule(call, pauseMillis, TimeUnit.MILLISECONDS));
        }
        List<Answer<T>> answers = new ArrayList<>();
        for (Future<T> future : futures) {
            answers.add(await(future, deadline));
        }
        return answers;
    }

    private static <T> Answer<T> await(Future<T> future, Deadline deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return new Answer.Value<>(future.get(Math.max(0, deadline.leftNanos()), TimeUnit.NANOSECONDS));
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return new Answer.Failure<>(e.getCause() == null ? e : e.getCause());
                } catch (TimeoutException | CancellationException e) {
                    future.cancel(true);
                    return new Answer.Failure<>(new TimeoutException("the engine did not answer in time"));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
