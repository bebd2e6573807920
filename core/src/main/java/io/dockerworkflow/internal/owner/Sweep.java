package io.dockerworkflow.internal.owner;

import io.dockerworkflow.Child;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SweepReport;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.internal.children.ApiObjects;
import io.dockerworkflow.internal.children.Deadline;
import io.dockerworkflow.internal.children.Inventory;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.children.Removal;
import io.dockerworkflow.internal.children.UnfinishedStep;
import io.dockerworkflow.internal.children.UnfinishedSteps;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what dead owners left on an engine. */
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Pattern OWNER = Pattern.compile("[0-9a-f]{12}");

    private final EngineApi engine;
    private final Inventory inventory;
    private final UnfinishedSteps unfinishedSteps;
    private final Duration grace;
    private final Duration deadline;
    private final LeftDirectories directories;

    /**
     * A sweep that has not begun.
     *
     * @param grace how long an owner's lifeline must be missing, which happens to live ones when the engine restarts
     * @param deadline how long the removal of one session may take
     * @param directories the sessions' directories on this machine
     */
    public Sweep(EngineApi engine, Duration grace, Duration deadline, LeftDirectories directories) {
        this.engine = engine;
        this.inventory = new Inventory(engine);
        this.unfinishedSteps = new UnfinishedSteps(engine);
        this.grace = grace;
        this.deadline = deadline;
        this.directories = directories;
    }

    /** What would be removed, if the owners that look dead now still do after the grace. */
    public SweepReport look() {
        List<SessionInfo> sessions = inventory.sessions();
        return new SweepReport(
                sessions.stream().filter(Sweep::dead).toList(),
                sessions.stream().filter(session -> !dead(session)).toList(),
                List.of(),
                List.of());
    }

    /** Looks, waits for the grace if there is anything to remove, looks again, and removes what looked dead both times. */
    public SweepReport run() {
        SweepReport first = look();
        Set<String> strays = strayLifelines();
        Set<Path> left = deadOwnersDirectories();
        Set<Path> unfinished = directories.unfinished();
        if (first.swept().isEmpty() && strays.isEmpty() && left.isEmpty() && unfinished.isEmpty()) {
            return first;
        }
        if (!awaitGrace()) {
            return new SweepReport(List.of(), first.spared(), List.of(), List.of());
        }
        left.retainAll(deadOwnersDirectories());
        // Before the images go that they are made on.
        unfinishedSteps.remove(UnfinishedStep.in(left));
        Set<SessionId> suspects = first.swept().stream().map(SessionInfo::id).collect(Collectors.toSet());
        SweepReport second = look();
        List<Child> removed = new ArrayList<>();
        List<TeardownReport.Survivor> survivors = new ArrayList<>();
        List<SessionInfo> swept = new ArrayList<>();
        List<SessionInfo> spared = new ArrayList<>(second.spared());
        for (SessionInfo session : second.swept()) {
            if (suspects.contains(session.id())) {
                swept.add(session);
                TeardownReport report = remove(session.id());
                removed.addAll(report.removed());
                survivors.addAll(report.survivors());
            } else {
                spared.add(session);
            }
        }
        strays.retainAll(strayLifelines());
        strays.forEach(this::removeStray);
        for (Path directory : left) {
            // Of a session that had nothing with a label, its directory alone tells that it was.
            Optional<SessionId> session = LeftDirectories.session(directory);
            if (session.isPresent() && !suspects.contains(session.get())) {
                TeardownReport report = remove(session.get());
                removed.addAll(report.removed());
                survivors.addAll(report.survivors());
            }
            delete(directory);
        }
        unfinished.retainAll(directories.unfinished());
        unfinished.forEach(Sweep::delete);
        return new SweepReport(swept, spared, removed, survivors);
    }

    /** Removes a session's children, whether or not its owner is alive. */
    public TeardownReport remove(SessionId session) {
        Deadline end = Deadline.in(deadline);
        Set<Child> unlabelled = inventory.keptUnlabelled(session);
        unlabelled.addAll(inventory.named(session));
        return new Removal(
                        new ApiObjects(engine),
                        Labels.SESSION + "=" + session,
                        tag -> tag.startsWith("dw-" + session + "-"),
                        child -> {},
                        Duration.ZERO)
                .run(unlabelled, List.of(), end, end);
    }

    private static boolean dead(SessionInfo session) {
        return !session.ownerAlive()
                // Nobody can tell of an owner without a lifeline.
                && OWNER.matcher(session.owner()).matches()
                && session.keptUntil().filter(Instant.now()::isBefore).isEmpty();
    }

    /** Lifelines that were never started, because their owner died just then: they do not remove themselves. */
    private Set<String> strayLifelines() {
        return inventory.lifelines().entrySet().stream()
                .filter(lifeline -> !lifeline.getValue())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Set<Path> deadOwnersDirectories() {
        Map<Path, String> all = directories.all();
        all.values().removeAll(inventory.aliveOwners());
        return new LinkedHashSet<>(all.keySet());
    }

    /** If its owner is alive after all, and only slow, it makes another. */
    private void removeStray(String container) {
        try {
            engine.delete("/containers/" + container + "?force=1");
        } catch (RefusedException e) {
            return; // Another sweep, or the engine itself, is at it.
        }
    }

    private static void delete(Path directory) {
        try {
            LeftDirectories.delete(directory);
        } catch (IOException e) {
            LOG.debug("Cannot delete {}", directory, e);
        }
    }

    private boolean awaitGrace() {
        try {
            return !new CountDownLatch(1).await(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
