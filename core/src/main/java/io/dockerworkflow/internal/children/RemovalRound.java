package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.internal.children.Calls.Answer;
import io.dockerworkflow.internal.engine.RefusedException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Removes what a listing has shown, each as soon as what it has to wait for is gone: an engine takes as long for a network as
 * for a container, and spends both times waiting, so that they are best spent at once. One use by one thread.
 */
final class RemovalRound {
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    /** How long one request may take. */
    static final Duration CALL_LIMIT = Duration.ofSeconds(30);

    private static final long FIRST_PAUSE = 10;
    private static final long LONGEST_PAUSE = 250;

    /**
     * How many containers are removed at once. The kernel takes network interfaces away one after the other, so that more only
     * wait for each other: with 20 containers on two networks, engine 20.10 and two processors, 50 at once took a quarter longer
     * than 8 to 12 did.
     */
    private static final int AT_ONCE = 10;

    /** A container that takes longer than this does not count: it must not hold up the others. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final EngineObjects engine;
    private final RemovalOutcome outcome;
    private final Duration grace;
    private final Deadline deadline;
    private final Calls<Child, Boolean> calls;
    private final Map<Child, Target> waiting = new LinkedHashMap<>();
    private final Map<Child, Target> begun = new LinkedHashMap<>();

    RemovalRound(EngineObjects engine, Workers workers, RemovalOutcome outcome, Duration grace, Deadline deadline) {
        this.engine = engine;
        this.outcome = outcome;
        this.grace = grace;
        this.deadline = deadline;
        this.calls = workers.calls();
    }

    /** A child to remove. */
    private static final class Target {
        private final Child child;
        private final String reference;
        private final Set<Child> after;
        private Deadline patience = Deadline.in(Duration.ZERO);
        private Deadline slow = Deadline.in(Duration.ZERO);
        private long pause;
        private @Nullable Throwable said;

        private Target(Child child, String reference, Collection<Child> after) {
            this.child = child;
            this.reference = reference;
            this.after = new HashSet<>(after);
        }

        private boolean isContainer() {
            return child.kind() == Kind.CONTAINER;
        }
    }

    /**
     * Adds a child. Where several could be removed, the one that was added first comes first.
     *
     * @param reference what to call it in requests
     * @param after what must be gone before, or past help
     */
    void add(Child child, String reference, Collection<Child> after) {
        waiting.put(child, new Target(child, reference, after));
    }

    /** Removes all; what cannot be removed is in the outcome. */
    void run() {
        while (!waiting.isEmpty() || !begun.isEmpty()) {
            begin();
            calls.next(deadline.atMost(SLOW)).ifPresent(end -> ended(end.key(), end.answer()));
        }
    }

    private void begin() {
        long room = grace.isZero() ? AT_ONCE : Workers.PARALLEL;
        room -= begun.values().stream()
                .filter(target -> target.isContainer() && !target.slow.passed())
                .count();
        for (Target target : List.copyOf(waiting.values())) {
            target.after.removeIf(user -> !waiting.containsKey(user) && !begun.containsKey(user));
            if (!target.after.isEmpty() || target.isContainer() && room <= 0) {
                continue;
            }
            room -= target.isContainer() ? 1 : 0;
            waiting.remove(target.child);
            begun.put(target.child, target);
            target.patience = deadline.atMost(patience(target.child.kind()));
            target.slow = Deadline.in(SLOW);
            attempt(target);
        }
    }

    /** How long "in use" may mean our own containers that are still going away; after that, somebody else uses it. */
    private Duration patience(Kind kind) {
        return switch (kind) {
            case CONTAINER, NETWORK -> Duration.ofMillis(deadline.leftMillis());
            // The engine's own time is in it: with a load of 30 on two cores, 20.10 took more than 2 s to delete one
            // layer.
            case VOLUME, IMAGE -> Duration.ofSeconds(10);
        };
    }

    private void attempt(Target target) {
        boolean again = target.pause > 0;
        calls.start(
                target.child,
                () -> attempt(target.child.kind(), target.reference, again),
                target.pause,
                target.patience.atMost(CALL_LIMIT.plus(grace)));
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

    private void ended(Child child, Answer<Boolean> answer) {
        Target target = begun.get(child);
        if (target == null) {
            return;
        }
        if (answer instanceof Answer.Failure<Boolean> failure) {
            if (target.said == null || !(failure.cause() instanceof TimeoutException)) {
                target.said = failure.cause();
            }
            if (target.patience.leftMillis() > longer(target.pause)) {
                target.pause = longer(target.pause);
                attempt(target);
            } else {
                begun.remove(child);
                giveUp(child, target.said);
            }
        } else {
            begun.remove(child);
            outcome.removed(child);
        }
    }

    private void giveUp(Child child, Throwable cause) {
        boolean inUse = cause instanceof RefusedException refused && refused.status() == CONFLICT;
        if (child.kind() == Kind.IMAGE && inUse) {
            outcome.kept(child);
        } else {
            outcome.failed(child, cause.getMessage() == null ? cause.toString() : cause.getMessage());
        }
    }

    /** The pause after that one, so that little is asked for of an engine in trouble, and soon of one that is not. */
    static long longer(long pause) {
        return Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, pause * 2));
    }
}
