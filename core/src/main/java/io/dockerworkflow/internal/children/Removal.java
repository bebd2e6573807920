package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.TeardownReport.Manner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Removes all children that carry a label, and some that are known by name, until the engine shows none: by kind in order, in
 * parallel within a kind. Only networks wait for no other containers than their own, and for the networks that have their
 * configuration from them. One use by one thread.
 */
public final class Removal {
    private final EngineObjects engine;
    private final String label;
    private final Predicate<String> ownTag;
    private final Duration grace;
    private final RemovalOutcome outcome;

    /**
     * A removal that has not begun.
     *
     * @param engine where the children are
     * @param label what they carry, as {@code name=value}
     * @param ownTag which of the tags of an image with the label may be removed
     * @param removedListener is told of each child that is gone, on the removing thread
     * @param grace how long containers may take to stop before they are killed
     */
    public Removal(
            EngineObjects engine,
            String label,
            Predicate<String> ownTag,
            Consumer<Child> removedListener,
            Duration grace) {
        this.engine = engine;
        this.label = label;
        this.ownTag = ownTag;
        this.grace = grace;
        this.outcome = new RemovalOutcome(removedListener);
    }

    /**
     * Removes the children.
     *
     * @param named children to remove beside those with the label
     * @param feared children that are reported as survivors if the engine cannot be asked what is left
     * @param deadline when to give up
     * @param firstAnswer when to give up if the engine has not answered at all by then; not after the deadline
     */
    public TeardownReport run(
            Collection<Child> named, Collection<Child> feared, Deadline deadline, Deadline firstAnswer) {
        long start = System.nanoTime();
        try (Workers workers = new Workers("dw-removal")) {
            Set<Child> open = new LinkedHashSet<>(named);
            Listing listing = list(workers, firstAnswer);
            Deadline end = listing.complete() ? deadline : firstAnswer;
            while (true) {
                removeRound(workers, listing, open, end);
                if (end.passed()) {
                    break;
                }
                listing = list(workers, end);
                if (!listing.complete() || listing.onlyHas(this::settled)) {
                    break;
                }
            }
            if (!listing.complete()) {
                for (Child child : feared) {
                    outcome.unverified(child, listing.trouble());
                }
            }
        }
        return outcome.report(
                Duration.ofNanos(System.nanoTime() - start), grace.isZero() ? Manner.FORCED : Manner.GRACEFUL);
    }

    private boolean settled(EngineObjects.Found found) {
        return targets(found).keySet().stream().allMatch(outcome::isSettled);
    }

    /** Lists all kinds at once; an engine that does not answer is asked again until the deadline. */
    private Listing list(Workers workers, Deadline deadline) {
        String trouble = "";
        long pause = 0;
        while (true) {
            List<Callable<List<EngineObjects.Found>>> calls = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                calls.add(() -> engine.list(kind, label));
            }
            Listing listing = Listing.of(workers.all(calls, pause, deadline.atMost(RemovalRound.CALL_LIMIT)), trouble);
            trouble = listing.trouble();
            pause = RemovalRound.longer(pause);
            if (listing.complete() || deadline.leftMillis() <= pause) {
                return listing;
            }
        }
    }

    private void removeRound(Workers workers, Listing listing, Set<Child> open, Deadline deadline) {
        RemovalRound round = new RemovalRound(engine, workers, outcome, grace, deadline);
        Set<Child> earlier = new LinkedHashSet<>();
        for (Kind kind : Kind.values()) {
            Map<Child, String> references = new LinkedHashMap<>();
            for (EngineObjects.Found found : listing.of(kind)) {
                if (!settled(found)) {
                    // Engine 20.10 makes several networks of one name: the others wait for the next round.
                    targets(found).forEach(references::putIfAbsent);
                }
            }
            for (Child child : open) {
                if (child.kind() == kind) {
                    references.putIfAbsent(child, child.name());
                }
            }
            references.forEach((child, reference) -> {
                round.add(
                        child,
                        reference,
                        earlier.stream()
                                .filter(each ->
                                        kind == Kind.NETWORK ? listing.mayUse(each, child) : each.kind() != kind)
                                .toList());
                earlier.add(child);
            });
        }
        open.clear();
        round.run();
    }

    private Map<Child, String> targets(EngineObjects.Found found) {
        Map<Child, String> targets = new LinkedHashMap<>();
        if (found.child().kind() != Kind.IMAGE || found.tags().isEmpty()) {
            targets.put(found.child(), found.reference());
            return targets;
        }
        // A tag that is not ours makes the image somebody else's; removing it by its id would take that tag, too.
        found.tags().stream().filter(ownTag).forEach(tag -> targets.put(new Child(Kind.IMAGE, tag), tag));
        if (targets.size() < found.tags().size()) {
            outcome.kept(found.child());
        }
        return targets;
    }
}
