package io.dockerworkflow;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a teardown did.
 *
 * @param removed what was removed, in order of removal
 * @param kept what was left on purpose: images that others use or have tagged by now, or all children, for inspection
 * @param survivors what is, or may be, still there against our will
 * @param took how long it took
 * @param manner how the children were treated
 * @param advice how to look at what was left, and to remove it; empty if nothing was left for inspection
 */
public record TeardownReport(
        List<Child> removed,
        List<Child> kept,
        List<Survivor> survivors,
        Duration took,
        Manner manner,
        Optional<String> advice) {

    /** How a teardown treats the children. */
    public enum Manner {
        /** Containers were asked to stop, and given time for it: {@link SessionOptions#stopGrace()}. */
        GRACEFUL,
        /** Containers were killed. */
        FORCED,
        /** All children were left for inspection: {@link SessionOptions#keepOnFailure()}. */
        KEPT
    }

    /** Copies the lists. */
    public TeardownReport {
        removed = List.copyOf(removed);
        kept = List.copyOf(kept);
        survivors = List.copyOf(survivors);
    }

    /** Whether nothing survived. */
    public boolean complete() {
        return survivors.isEmpty();
    }

    /**
     * A child that could not be removed.
     *
     * @param child which
     * @param reason why, in the engine's own words where it gave any
     */
    public record Survivor(Child child, String reason) {
        @Override
        public String toString() {
            return child + " (" + reason + ")";
        }
    }
}
