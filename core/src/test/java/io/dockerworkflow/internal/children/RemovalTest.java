package io.dockerworkflow.internal.children;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.TeardownReport.Survivor;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a removal makes of answers that a real engine cannot be made to give at will. */
class RemovalTest {
    private static final Child CONTAINER = new Child(Kind.CONTAINER, "db");
    private static final Child NETWORK = new Child(Kind.NETWORK, "net");
    private static final Child VOLUME = new Child(Kind.VOLUME, "data");

    private final FakeEngine engine = new FakeEngine();

    @Test
    void removalWhenEngineSaysInProgressTriesUntilItIsGone() {
        engine.has(CONTAINER, new RefusedException(409, "removal of container db is already in progress"), gone());

        TeardownReport report = run(Duration.ofSeconds(10), List.of());

        assertThat(report.complete()).isTrue();
        assertThat(report.removed()).containsExactly(CONTAINER);
    }

    @Test
    void removalWhenFirstAttemptIsRefusedReleasesBeforeTheSecond() {
        engine.has(CONTAINER, new RefusedException(500, "driver failed"));

        run(Duration.ofSeconds(10), List.of());

        assertThat(engine.requests).containsExactly("remove db", "release db", "remove db");
    }

    @Test
    void removalWhenChildAppearsLateRemovesItToo() {
        engine.has(CONTAINER);
        engine.afterFirstRemoval = () -> engine.has(VOLUME);

        assertThat(run(Duration.ofSeconds(10), List.of()).removed()).containsExactly(CONTAINER, VOLUME);
    }

    @Test
    void removalWhenEngineIsGoneForAWhileGoesOnWhenItIsBack() {
        engine.has(CONTAINER);
        engine.trouble(new UncheckedIOException(new IOException("Connection refused")), 12);

        TeardownReport report = run(Duration.ofSeconds(20), List.of(CONTAINER));

        assertThat(report.complete()).isTrue();
        assertThat(report.removed()).containsExactly(CONTAINER);
    }

    @Test
    void removalWhenEngineStaysAwayNamesWhatCouldNotBeVerified() {
        engine.trouble(new UncheckedIOException(new IOException("Connection refused")), Integer.MAX_VALUE);

        TeardownReport report = run(Duration.ofMillis(300), List.of(CONTAINER, VOLUME));

        assertThat(report.survivors()).extracting(Survivor::child).containsExactly(CONTAINER, VOLUME);
        assertThat(report.survivors().get(0).reason())
                .startsWith("could not be verified: ")
                .contains("Connection refused");
        assertThat(report.took()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void removalWhenEngineNeverAnswersEndsAtItsDeadline() {
        engine.has(CONTAINER);
        engine.silent = new CountDownLatch(1);

        TeardownReport report = run(Duration.ofMillis(300), List.of(CONTAINER));

        assertThat(report.survivors()).containsExactly(new Survivor(CONTAINER, "the engine did not answer in time"));
        assertThat(report.took()).isLessThan(Duration.ofSeconds(5));
        engine.silent.countDown();
    }

    @Test
    void removalWhenANetworkIsFreeRemovesItBeforeOthersContainers() {
        Child slow = new Child(Kind.CONTAINER, "slow");
        Child other = new Child(Kind.NETWORK, "other");
        engine.has(slow);
        engine.has(CONTAINER);
        engine.has(NETWORK);
        engine.has(other);
        engine.has(VOLUME);
        engine.networks.put(slow, List.of("other"));
        engine.networks.put(CONTAINER, List.of("net"));
        engine.held.put(slow, new CountDownLatch(1));
        engine.onRequest = request -> {
            if (request.equals("remove net")) {
                engine.held.get(slow).countDown();
            }
        };

        assertThat(run(Duration.ofSeconds(10), List.of()).complete()).isTrue();

        assertThat(engine.requests).containsSubsequence("remove db", "remove net", "remove other", "remove data");
    }

    @Test
    void removalWhenANetworkIsConfiguredFromAnotherRemovesThatLast() {
        Child configuration = new Child(Kind.NETWORK, "configuration");
        engine.has(configuration);
        engine.has(CONTAINER);
        engine.has(NETWORK);
        engine.networks.put(CONTAINER, List.of("net"));
        engine.networks.put(NETWORK, List.of("configuration"));

        assertThat(run(Duration.ofSeconds(10), List.of()).complete()).isTrue();

        assertThat(engine.requests).containsExactly("remove db", "remove net", "remove configuration");
    }

    @Test
    void removalWhenNetworksAreConfiguredFromNamesakesRemovesAll() {
        Child other = new Child(Kind.NETWORK, "other");
        engine.has(NETWORK);
        engine.has(other);
        engine.networks.put(NETWORK, List.of("other"));
        engine.networks.put(other, List.of("net"));

        assertThat(run(Duration.ofSeconds(10), List.of()).removed()).containsExactlyInAnyOrder(NETWORK, other);
    }

    @Test
    void removalWhenContainersAreManyRemovesTenAtOnceAndMoreIfSlow() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        for (int i = 0; i < 25; i++) {
            Child container = new Child(Kind.CONTAINER, "c" + i);
            engine.has(container);
            engine.held.put(container, hold);
        }
        CountDownLatch begun = new CountDownLatch(10);
        CountDownLatch all = new CountDownLatch(25);
        engine.onRequest = request -> {
            begun.countDown();
            all.countDown();
        };
        Future<TeardownReport> removal = Background.supply(() -> run(Duration.ofSeconds(30), List.of()));

        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(all.await(1, TimeUnit.SECONDS)).as("all at once").isFalse();
        assertThat(engine.requests).hasSize(10);
        assertThat(all.await(10, TimeUnit.SECONDS))
                .as("the others, beside slow ones")
                .isTrue();
        hold.countDown();
        assertThat(removal.get().removed()).hasSize(25);
    }

    private TeardownReport run(Duration limit, List<Child> feared) {
        Deadline deadline = Deadline.in(limit);
        return new Removal(engine, "label", tag -> true, child -> {}, Duration.ZERO)
                .run(List.of(), feared, deadline, deadline);
    }

    private static RefusedException gone() {
        return new RefusedException(404, "no such container");
    }

    /** An engine that answers as it is told to. */
    private static final class FakeEngine implements EngineObjects {
        private final Map<Child, List<RuntimeException>> objects = new LinkedHashMap<>();
        private final Map<Child, List<String>> networks = new HashMap<>();
        private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
        private Runnable afterFirstRemoval = () -> {};
        private RuntimeException trouble = gone();
        private int troubles;
        private CountDownLatch silent = new CountDownLatch(0);
        private final Map<Child, CountDownLatch> held = new HashMap<>();
        private Consumer<String> onRequest = request -> {};

        synchronized void has(Child child, RuntimeException... refusals) {
            objects.put(child, new ArrayList<>(List.of(refusals)));
        }

        synchronized void trouble(RuntimeException failure, int times) {
            trouble = failure;
            troubles = times;
        }

        @Override
        public synchronized List<Found> list(Kind kind, String label) {
            if (troubles > 0) {
                troubles--;
                throw trouble;
            }
            return objects.keySet().stream()
                    .filter(child -> child.kind() == kind)
                    .map(child -> new Found(child, child.name(), List.of(), networks.getOrDefault(child, List.of())))
                    .toList();
        }

        @Override
        public void remove(Kind kind, String reference) {
            requests.add("remove " + reference);
            onRequest.accept("remove " + reference);
            try {
                silent.await();
                held.getOrDefault(new Child(kind, reference), silent).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            synchronized (this) {
                Child child = new Child(kind, reference);
                List<RuntimeException> refusals = objects.getOrDefault(child, new ArrayList<>(List.of(gone())));
                if (refusals.isEmpty()) {
                    objects.remove(child);
                    afterFirstRemoval.run();
                    afterFirstRemoval = () -> {};
                } else {
                    RuntimeException refusal = refusals.remove(0);
                    if (refusal instanceof RefusedException refused && refused.status() == 404) {
                        objects.remove(child);
                    }
                    throw refusal;
                }
            }
        }

        @Override
        public void stop(String container, Duration grace) {
            requests.add("stop " + container);
        }

        @Override
        public void release(Kind kind, String reference) {
            requests.add("release " + reference);
        }
    }
}
