package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.TeardownReport.Manner;
import io.dockerworkflow.TeardownReport.Survivor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What has become of the children so far. For one thread. */
final class RemovalOutcome {
    private final Consumer<Child> removedListener;
    private final Set<Child> removed = new LinkedHashSet<>();
    private final Set<Child> kept = new LinkedHashSet<>();
    private final Map<Child, String> failures = new LinkedHashMap<>();

    /** @param removedListener is told of each child that is gone, once */
    RemovalOutcome(Consumer<Child> removedListener) {
        this.removedListener = removedListener;
    }

    void removed(Child child) {
        failures.remove(child);
        if (removed.add(child)) {
            removedListener.accept(child);
        }
    }

    /** It is somebody else's, too. */
    void kept(Child child) {
        kept.add(child);
    }

    void failed(Child child, String reason) {
        failures.put(child, reason);
    }

    /** A child of which nobody knows whether it is there. */
    void unverified(Child child, String trouble) {
        if (!removed.contains(child) && !kept.contains(child)) {
            failures.putIfAbsent(child, "could not be verified: " + trouble);
        }
    }

    /** Whether there is no point in trying once more. */
    boolean isSettled(Child child) {
        return kept.contains(child) || failures.containsKey(child);
    }

    TeardownReport report(Duration took, Manner manner) {
        List<Survivor> survivors = new ArrayList<>();
        failures.forEach((child, reason) -> survivors.add(new Survivor(child, reason)));
        return new TeardownReport(List.copyOf(removed), List.copyOf(kept), survivors, took, manner, Optional.empty());
    }
}
