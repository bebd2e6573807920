package io.dockerworkflow.internal.tracker;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.TeardownReport.Manner;
import io.dockerworkflow.WorkflowEvent.ChildCreated;
import io.dockerworkflow.WorkflowEvent.ChildRemoved;
import io.dockerworkflow.internal.children.ApiObjects;
import io.dockerworkflow.internal.children.Deadline;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.children.Removal;
import io.dockerworkflow.internal.children.SessionEvents;
import io.dockerworkflow.internal.children.SessionNames;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.owner.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Knows a session's children and removes them. Children with the session's label are found on the engine; what cannot carry
 * one (an automatically created volume, a pulled tag) is known by its {@linkplain #announce announcement}. Safe for use by several
 * threads.
 */
public final class ResourceTracker {
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

    private final EngineConnection engine;
    private final SessionNames names;
    private final SessionEvents events;
    private final Owner owner;
    private final Object lock = new Object();
    private final Set<Child> created = new LinkedHashSet<>();
    private final Set<Child> unlabelled = new LinkedHashSet<>();
    private int openAnnouncements;
    private boolean closing;

    public ResourceTracker(EngineConnection engine, SessionNames names, SessionEvents events, Owner owner) {
        this.engine = engine;
        this.names = names;
        this.events = events;
        this.owner = owner;
    }

    /**
     * Announces a child that is about to be made. The teardown waits for all announcements to be closed, and none is made after
     * it has begun.
     *
     * @param child the child; a container or network or volume with the session's label, or an image
     * @throws SessionClosedException if the session is ending: do not make the child
     * @throws io.dockerworkflow.EngineException if the session's owner cannot show that it is alive: do not make the child
     */
    public Announcement announce(Child child) {
        owner.awaitAlive();
        synchronized (lock) {
            if (closing) {
                throw new SessionClosedException(
                        "create a child",
                        child.toString(),
                        Optional.of("session " + events.session() + " is ending"),
                        "Open another session",
                        null);
            }
            openAnnouncements++;
        }
        return new Announcement(child);
    }

    /** Takes a child into account that carries no label and so cannot be found on the engine. Call before it exists. */
    public void trackUnlabelled(Child child) {
        synchronized (lock) {
            unlabelled.add(child);
        }
        owner.watch(child);
    }

    /** Forgets what {@link #trackUnlabelled} said: the child was never made, or is gone. */
    public void forget(Child child) {
        synchronized (lock) {
            unlabelled.remove(child);
            created.remove(child);
        }
        owner.unwatch(child);
    }

    /** A child is gone, and not by the teardown: forgets it, and tells the listener if it was told of its creation. */
    public void removed(Child child) {
        boolean told;
        synchronized (lock) {
            told = created.remove(child);
        }
        forget(child);
        if (told) {
            events.tell(new ChildRemoved(events.session(), child));
        }
    }

    /** Removes every child. Called once, by the scope. */
    public TeardownReport removeAll(Duration limit, Duration stopGrace) {
        Deadline deadline = Deadline.in(limit);
        endAnnouncements(deadline);
        List<Child> named;
        List<Child> feared;
        synchronized (lock) {
            named = List.copyOf(unlabelled);
            Set<Child> all = new LinkedHashSet<>(created);
            all.addAll(unlabelled);
            feared = List.copyOf(all);
        }
        String prefix = names.prefix();
        Removal removal = new Removal(
                new ApiObjects(engine.api()),
                names.label(),
                tag -> tag.startsWith(prefix) || named.contains(new Child(Kind.IMAGE, tag)),
                child -> events.tell(new ChildRemoved(events.session(), child)),
                stopGrace);
        // With nothing to fear for, an engine that is gone is not waited for.
        Deadline firstAnswer = feared.isEmpty() ? deadline.atMost(FIRST_ANSWER) : deadline;
        TeardownReport report = removal.run(named, feared, deadline, firstAnswer);
        named.forEach(owner::unwatch);
        tellOfThoseGoneBefore(report);
        return report;
    }

    /** What ended by itself, as a container of {@code docker run --rm} does. */
    private void tellOfThoseGoneBefore(TeardownReport report) {
        Set<Child> gone;
        synchronized (lock) {
            gone = new LinkedHashSet<>(created);
            created.clear();
        }
        report.removed().forEach(gone::remove);
        report.survivors().forEach(survivor -> gone.remove(survivor.child()));
        gone.forEach(child -> events.tell(new ChildRemoved(events.session(), child)));
    }

    /** Leaves every child for inspection, and marks the session for the sweep that takes it after that time. */
    public TeardownReport keepAll(Duration limit, Duration time) {
        long start = System.nanoTime();
        endAnnouncements(Deadline.in(limit));
        Set<Child> kept = new LinkedHashSet<>();
        ApiObjects objects = new ApiObjects(engine.api());
        for (Kind kind : Kind.values()) {
            objects.list(kind, names.label()).forEach(found -> kept.add(found.child()));
        }
        List<Child> named;
        synchronized (lock) {
            named = List.copyOf(unlabelled);
        }
        kept.addAll(named);
        Instant until = Instant.now().plus(time);
        Map<String, String> labels = names.labels();
        labels.put(Labels.KEPT_UNTIL, Long.toString(until.getEpochSecond()));
        labels.put(
                Labels.KEPT_UNLABELLED,
                named.stream().map(child -> child.kind() + " " + child.name()).collect(Collectors.joining("\n")));
        engine.api().post("/volumes/create", Map.of("Name", names.engineName("kept"), "Labels", labels));
        named.forEach(owner::unwatch);
        return new TeardownReport(
                List.of(),
                List.copyOf(kept),
                List.of(),
                Duration.ofNanos(System.nanoTime() - start),
                Manner.KEPT,
                Optional.of("A step failed, so the children are kept until " + until.truncatedTo(ChronoUnit.SECONDS)
                        + ": `docker-workflow ps " + names.session() + "` shows them, `docker-workflow rm "
                        + names.session() + "` removes them"));
    }

    private void endAnnouncements(Deadline deadline) {
        synchronized (lock) {
            closing = true;
            awaitAnnouncements(deadline);
        }
    }

    /** A child whose announcement is still open when the deadline passes is found by its label, or by a later sweep. */
    private void awaitAnnouncements(Deadline deadline) {
        boolean interrupted = false;
        while (openAnnouncements > 0 && !deadline.passed()) {
            try {
                lock.wait(deadline.leftMillis());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The time between the request for a child and the engine's answer. Close it in any case. */
    public final class Announcement implements AutoCloseable {
        private final Child child;
        private boolean open = true;

        private Announcement(Child child) {
            this.child = child;
        }

        /** The engine has made the child; tells the listener. */
        public void created() {
            synchronized (lock) {
                created.add(child);
            }
            events.tell(new ChildCreated(events.session(), child));
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (open) {
                    open = false;
                    openAnnouncements--;
                    lock.notifyAll();
                }
            }
        }
    }
}
