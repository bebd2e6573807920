package io.dockerworkflow;

import java.util.List;

/**
 * What a sweep found and did.
 *
 * @param swept the sessions of dead owners, as they were before
 * @param spared the sessions that were left alone: of owners that are alive, or kept for inspection
 * @param removed what was removed; nothing if the sweep only looked
 * @param survivors what could not be removed, and why
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
