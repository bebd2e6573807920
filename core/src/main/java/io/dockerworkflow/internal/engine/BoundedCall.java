package io.dockerworkflow.internal.engine;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call that blocks until an engine answers, and a caller that does not wait for ever. Only the end of its connection ends a
 * read from a Unix socket: {@link #within} closes it at a limit, on the caller's own thread. Where the caller must also be free
 * at once when it is interrupted, whatever the connection is, the call is {@linkplain #start started} on another thread.
 *
 * @param <T> what the engine answers
 */
public final class BoundedCall<T> {
    private final FutureTask<T> task;

    private BoundedCall(FutureTask<T> task) {
        this.task = task;
    }

    /** An exchange over a connection. */
    @FunctionalInterface
    public interface Exchange<T> {
        /** Sends the request and reads the answer. */
        T run() throws IOException;
    }

    /**
     * Makes the exchange on this thread, and closes the connection at the limit.
     *
     * @throws IOException if the exchange fails; it says so if that was for the limit
     */
    public static <T> T within(Duration limit, Closeable connection, Exchange<T> exchange) throws IOException {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        answered.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, late) -> {
            if (late != null) {
                closeQuietly(connection);
            }
        });
        try {
            return exchange.run();
        } catch (IOException e) {
            if (answered.isCompletedExceptionally()) {
                throw new IOException("the engine did not answer within " + limit.toMillis() / 1000.0 + " s", e);
            }
            throw e;
        } finally {
            answered.complete(null);
        }
    }

    private static void closeQuietly(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // Whoever reads from it is told of the limit.
        }
    }

    /** Begins the call on a daemon thread of its own. */
    public static <T> BoundedCall<T> start(String threadName, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        DaemonThread.start(threadName, task);
        return new BoundedCall<>(task);
    }

    /**
     * Waits for the answer for as long as the call takes.
     *
     * @throws ExecutionException if the call failed
     * @throws InterruptedException if this thread is interrupted; the call goes on until its connection is closed
     */
    public T await() throws ExecutionException, InterruptedException {
        return task.get();
    }

    /**
     * Waits for the answer.
     *
     * @throws ExecutionException if the call failed
     * @throws InterruptedException if this thread is interrupted; the call is interrupted, too
     * @throws TimeoutException if there is no answer within the limit; the call is interrupted
     */
    public T await(Duration limit) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException e) {
            // The interrupt closes the channel, and with it ends the thread.
            task.cancel(true);
            throw e;
        }
    }
}
