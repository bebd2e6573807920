package io.dockerworkflow;

import java.util.List;

/**
 * The report of a sweep. Immutable.
 *
 * @param swept the sessions of dead owners, as they were before
 * @param spared the sessions that were left alone: those of live owners, and those kept for inspection
 * @param removed the removed children; empty if the sweep only looked
 * @param survivors the children that could not be removed, and why
 */
public record SweepReport(
        List<SessionInfo> swept,
        List<SessionInfo> spared,
        List<Child> removed,
        List<TeardownReport.Survivor> survivors) {
    /** Copies the lists. */
    public SweepReport {
        swept = List.copyOf(swept);
        spared = List.copyOf(spared);
        removed = List.copyOf(removed);
        survivors = List.copyOf(survivors);
    }
}
