package io.dockerworkflow;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The report of a teardown. Immutable.
 *
 * @param removed the removed children, in order of removal
 * @param kept the children that were left on purpose: images that others use or have tagged by now, or all children, for
 *     inspection
 * @param survivors the children that should be gone and are, or may be, still there
 * @param took how long the teardown took
 * @param manner how the children were treated
 * @param advice how to inspect and remove the children that were left; empty if none were left for inspection
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
     * @param child the child
     * @param reason the reason, in the engine's own words if it gave any
     */
    public record Survivor(Child child, String reason) {
        @Override
        public String toString() {
            return child + " (" + reason + ")";
        }
    }
}
