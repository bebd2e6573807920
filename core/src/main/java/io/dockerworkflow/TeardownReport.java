package io.dockerworkflow;

import java.time.Duration;
import java.util.List;

/**
 * What a teardown did.
 *
 * @param removed what was removed, in order of removal
 * @param kept images of the session that others use or have tagged by now, and that were left to them
 * @param survivors what is, or may be, still there
 * @param took how long it took
 */
public record TeardownReport(List<Child> removed, List<Child> kept, List<Survivor> survivors, Duration took) {

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
