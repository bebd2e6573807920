package io.dockerworkflow.dood.gateway.socket;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.IntSupplier;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has an event loop ask again and again whether the engine has answered, for a moment, before it sleeps. To be woken takes a thread
 * longer than an engine needs to look something up (docs/decisions/awake-for-quick-answers.md). Used on its loop only.
 */
public final class BusyPolling implements SelectStrategy {
    /** Long enough for a list of some containers (engine 20.10: 320 us); what one answer costs at most that does not come. */
    private static final long LONGEST = TimeUnit.MICROSECONDS.toNanos(400);

    /** So many requests at most are not waited for after others have been waited for in vain. */
    private static final int MOST_SKIPPED = 63;

    private final LongSupplier clock;
    private @Nullable Object awaited;
    private long until;
    private int inVain;
    private int skipped;

    public BusyPolling(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * A request was sent whose answer may come at once. The latest one counts: with more of them there is other work. An engine that
     * is busy, perhaps for want of this processor, or asked for much is not waited for each time.
     */
    public void begin(Object request) {
        if (skipped < inVain) {
            skipped++;
            return;
        }
        skipped = 0;
        awaited = request;
        until = clock.getAsLong() + LONGEST;
    }

    /** That request's answer is complete. */
    public void end(Object request) {
        if (request.equals(awaited)) {
            awaited = null;
            inVain = 0;
        }
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            return selectNow.get();
        }
        if (awaited == null) {
            return SELECT;
        }
        if (clock.getAsLong() - until >= 0) {
            awaited = null;
            inVain = Math.min(2 * inVain + 1, MOST_SKIPPED);
            return SELECT;
        }
        int ready = selectNow.get();
        if (ready == 0) {
            Thread.onSpinWait();
            // Back to the loop, which looks for tasks of other threads and comes again.
            return CONTINUE;
        }
        return ready;
    }

    /** Makes the event loops' selectors, each with a polling of its own. */
    public static final class Loops implements IoHandlerFactory {
        private final Map<ThreadAwareExecutor, BusyPolling> pollings = new ConcurrentHashMap<>();

        @Override
        public IoHandler newHandler(ThreadAwareExecutor loop) {
            BusyPolling polling = new BusyPolling(System::nanoTime);
            pollings.put(loop, polling);
            // With one processor, the engine would wait for the loop that waits for the engine.
            boolean alone = Runtime.getRuntime().availableProcessors() == 1;
            return NioIoHandler.newFactory(
                            SelectorProvider.provider(), alone ? DefaultSelectStrategyFactory.INSTANCE : () -> polling)
                    .newHandler(loop);
        }

        /** That loop's, which must be one of these. */
        public BusyPolling of(EventLoop loop) {
            return Objects.requireNonNull(pollings.get(loop), "not a loop of the gateway's");
        }
    }
}
