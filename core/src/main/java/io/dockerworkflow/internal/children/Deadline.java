package io.dockerworkflow.internal.children;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point in time after which to stop trying. Knows no wall clock, so that setting one moves nothing. */
public final class Deadline {
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** So much later than now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** So much later than now, but not after this one. */
    public Deadline atMost(Duration time) {
        return new Deadline(System.nanoTime() + Math.min(leftNanos(), time.toNanos()));
    }

    /** Whether it is over. */
    public boolean passed() {
        return leftNanos() <= 0;
    }

    /** The time left, in milliseconds, rounded up; not negative. */
    public long leftMillis() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(leftNanos() + 999_999));
    }

    /** The time left, in nanoseconds; negative when it is over. */
    long leftNanos() {
        return nanos - System.nanoTime();
    }
}
