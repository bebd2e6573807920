package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.dockerworkflow.dood.testsupport.AttackedSession;
import io.dockerworkflow.dood.testsupport.FuzzedRequest;
import io.dockerworkflow.dood.testsupport.RawClient.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Ten thousand requests that are almost right, from four clients at once: none hangs, and the session goes on. A failure is
 * shrunk to the few requests that show it.
 */
class FuzzedInputIT {
    private static final int REQUESTS = 10_000;
    private static final int FEW_REQUESTS = 500;
    private static final String SEED = "20260101";
    private static final int CLIENTS = 4;
    private static final int BAD_GATEWAY = 502;

    private static AttackedSession attacked;
    private static ExecutorService clients;
    private static Map<Integer, Integer> statuses;
    private static int atLeast;

    @BeforeContainer
    static void open() {
        attacked = new AttackedSession();
        clients = Executors.newFixedThreadPool(CLIENTS);
        statuses = new ConcurrentHashMap<>();
    }

    @AfterContainer
    static void close() {
        clients.shutdownNow();
        attacked.close();
    }

    @AfterProperty
    void assertSent() {
        System.out.println("Fuzzed input: seed " + SEED + ", requests by status " + statuses);
        assertThat(statuses.values().stream().mapToInt(count -> count).sum()).isGreaterThanOrEqualTo(atLeast);
        // Not all may be turned away at the door, or the test would show nothing.
        assertThat(statuses).containsKeys(200, 400, 404);
        statuses.clear();
    }

    @Property(tries = 2, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void requestsWhenAFewAreFuzzedNeverHangNorBreakTheSession(@ForAll("requests") List<FuzzedRequest> requests)
            throws Exception {
        atLeast = FEW_REQUESTS;
        send(requests);
    }

    @Tag("long")
    @Property(tries = 18, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void requestsWhenFuzzedNeverHangAndNeverBreakTheSession(@ForAll("requests") List<FuzzedRequest> requests)
            throws Exception {
        atLeast = REQUESTS;
        send(requests);
    }

    private static void send(List<FuzzedRequest> requests) throws Exception {
        List<Future<?>> answers = new ArrayList<>();
        for (FuzzedRequest request : requests) {
            answers.add(clients.submit(() -> check(request)));
        }
        Optional<Throwable> failure = Optional.empty();
        for (Future<?> answer : answers) {
            try {
                answer.get();
            } catch (ExecutionException e) {
                failure = failure.or(() -> Optional.of(e.getCause()));
            }
        }
        failure.ifPresent(first -> fail(first.getMessage(), first));
        attacked.assertGoesOn();
        attacked.assertVictimUntouched("these requests");
    }

    private static void check(FuzzedRequest request) {
        Outcome outcome = attacked.send(request.latin());
        String described = request + "\nanswer:\n" + outcome.text();
        assertThat(outcome.closed()).as("hangs, " + described).isTrue();
        int status = outcome.status().orElse(0);
        statuses.merge(status, 1, Integer::sum);
        // 500 and 503 are the engine's own answers; 502 would be the gateway's embarrassment.
        assertThat(status).as(described).isNotEqualTo(BAD_GATEWAY);
    }

    @Provide
    Arbitrary<List<FuzzedRequest>> requests() {
        // Of any length, so that a failure shrinks to the few requests that matter.
        return FuzzedRequest.any(attacked.version())
                .list()
                .ofMinSize(1)
                .ofMaxSize(1_200)
                .withSizeDistribution(RandomDistribution.uniform());
    }
}
