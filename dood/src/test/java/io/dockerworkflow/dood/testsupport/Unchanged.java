package io.dockerworkflow.dood.testsupport;

/** Whether a count that grows is that of last time, and not zero. */
public final class Unchanged {
    private long last;

    public boolean isSame(long now) {
        boolean same = last == now && now > 0;
        last = now;
        return same;
    }
}
