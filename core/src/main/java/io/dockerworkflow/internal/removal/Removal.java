package io.dockerworkflow.internal.removal;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.TeardownReport.Manner;
import io.dockerworkflow.TeardownReport.Survivor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Removes all children that carry a label, and some that are known by name, until the engine shows none: by kind in order, in
 * parallel within a kind. One use by one thread.
 */
public final class Removal {
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
    private static final long FIRST_PAUSE = 10;
    private static final long LONGEST_PAUSE = 250;

    private final EngineObjects engine;
    private final String label;
    private final Predicate<String> ownTag;
    private final Consumer<Child> removedListener;
    private final Duration grace;
    private final Set<Child> removed = new LinkedHashSet<>();
    private final Set<Child> kept = new LinkedHashSet<>();
    private final Map<Child, String> failures = new LinkedHashMap<>();

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
        this.removedListener = removedListener;
        this.grace = grace;
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
                    if (!removed.contains(child) && !kept.contains(child)) {
                        failures.putIfAbsent(child, "could not be verified: " + listing.trouble());
                    }
                }
            }
        }
        List<Survivor> survivors = new ArrayList<>();
        failures.forEach((child, reason) -> survivors.add(new Survivor(child, reason)));
        return new TeardownReport(
                List.copyOf(removed),
                List.copyOf(kept),
                survivors,
                Duration.ofNanos(System.nanoTime() - start),
                grace.isZero() ? Manner.FORCED : Manner.GRACEFUL,
                Optional.empty());
    }

    private boolean settled(EngineObjects.Found found) {
        return targets(found).keySet().stream().allMatch(child -> kept.contains(child) || failures.containsKey(child));
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
            Listing listing = Listing.of(workers.all(calls, pause, deadline.atMost(CALL_LIMIT)), trouble);
            trouble = listing.trouble();
            pause = longer(pause);
            if (listing.complete() || deadline.leftMillis() <= pause) {
                return listing;
            }
        }
    }

    private void removeRound(Workers workers, Listing listing, Set<Child> open, Deadline deadline) {
        for (Kind kind : Kind.values()) {
            Map<Child, String> references = new LinkedHashMap<>();
            for (EngineObjects.Found found : listing.of(kind)) {
                if (!settled(found)) {
                    references.putAll(targets(found));
                }
            }
            for (Child child : open) {
                if (child.kind() == kind) {
                    references.putIfAbsent(child, child.name());
                }
            }
            removeAll(workers, references, deadline.atMost(patience(kind, deadline)));
            open.removeIf(child -> child.kind() == kind);
        }
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
            kept.add(found.child());
        }
        return targets;
    }

    /** How long "in use" may mean our own containers that are still going away; after that, somebody else uses it. */
    private static Duration patience(Kind kind, Deadline deadline) {
        return switch (kind) {
            case CONTAINER, NETWORK -> Duration.ofMillis(deadline.leftMillis());
            // The engine's own time is in it: with a load of 30 on two cores, 20.10 took more than 2 s to delete one
            // layer.
            case VOLUME, IMAGE -> Duration.ofSeconds(10);
        };
    }

    private void removeAll(Workers workers, Map<Child, String> references, Deadline deadline) {
        Map<Child, String> open = new LinkedHashMap<>(references);
        Map<Child, Throwable> saidBefore = new LinkedHashMap<>();
        long pause = 0;
        while (!open.isEmpty()) {
            List<Child> children = List.copyOf(open.keySet());
            boolean again = pause > 0;
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (Child child : children) {
                String reference = references.getOrDefault(child, child.name());
                attempts.add(() -> attempt(child.kind(), reference, again));
            }
            List<Workers.Answer<Boolean>> answers =
                    workers.all(attempts, pause, deadline.atMost(CALL_LIMIT.plus(grace)));
            for (int i = 0; i < children.size(); i++) {
                Child child = children.get(i);
                if (answers.get(i) instanceof Workers.Answer.Failure<Boolean> failure) {
                    if (!(failure.cause() instanceof TimeoutException)) {
                        saidBefore.put(child, failure.cause());
                    }
                    if (deadline.leftMillis() <= longer(pause)) {
                        open.remove(child);
                        giveUp(child, saidBefore.getOrDefault(child, failure.cause()));
                    }
                } else {
                    open.remove(child);
                    failures.remove(child);
                    if (removed.add(child)) {
                        removedListener.accept(child);
                    }
                }
            }
            pause = longer(pause);
        }
    }

    private boolean attempt(Kind kind, String reference, boolean again) {
        try {
            if (again) {
                engine.release(kind, reference);
            } else if (kind == Kind.CONTAINER && !grace.isZero()) {
                engine.stop(reference, grace);
            }
        } catch (RefusedException e) {
            // The removal below says what there is to say, and more precisely.
        }
        try {
            engine.remove(kind, reference);
            return true;
        } catch (RefusedException e) {
            if (e.status() == NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }

    private void giveUp(Child child, Throwable cause) {
        boolean inUse = cause instanceof RefusedException refused && refused.status() == CONFLICT;
        if (child.kind() == Kind.IMAGE && inUse) {
            kept.add(child);
        } else {
            failures.put(child, cause.getMessage() == null ? cause.toString() : cause.getMessage());
        }
    }

    private static long longer(long pause) {
        return Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, pause * 2));
    }

    /** What the engine showed, or why it did not. */
    private record Listing(Map<Kind, List<EngineObjects.Found>> found, String trouble) {

        /** Of these answers; a failure that says something is remembered over one that came too late to. */
        static Listing of(List<Workers.Answer<List<EngineObjects.Found>>> answers, String before) {
            Map<Kind, List<EngineObjects.Found>> found = new EnumMap<>(Kind.class);
            String trouble = before;
            Iterator<Workers.Answer<List<EngineObjects.Found>>> inOrderOfKinds = answers.iterator();
            for (Kind kind : Kind.values()) {
                Workers.Answer<List<EngineObjects.Found>> answer = inOrderOfKinds.next();
                if (answer instanceof Workers.Answer.Value<List<EngineObjects.Found>> value) {
                    found.put(kind, value.value());
                } else if (answer instanceof Workers.Answer.Failure<List<EngineObjects.Found>> failure) {
                    if (trouble.isEmpty() || !(failure.cause() instanceof TimeoutException)) {
                        trouble = String.valueOf(failure.cause().getMessage());
                    }
                }
            }
            return new Listing(found, trouble);
        }

        boolean complete() {
            return found.size() == Kind.values().length;
        }

        List<EngineObjects.Found> of(Kind kind) {
            return found.getOrDefault(kind, List.of());
        }

        boolean onlyHas(Predicate<EngineObjects.Found> settled) {
            return found.values().stream().flatMap(List::stream).allMatch(settled);
        }
    }
}
