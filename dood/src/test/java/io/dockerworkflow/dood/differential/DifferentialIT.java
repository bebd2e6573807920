package io.dockerworkflow.dood.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Sends the same calls to a bare engine and to a session on another that is like it. Each sequence begins with nothing on
 * either; a difference is shrunk to the few calls that show it.
 */
class DifferentialIT {
    private static final int CALLS = 5_000;
    private static final String SEED = "20261122";

    private static BareEngine bare;
    private static BareEngine shared;
    private static String api;
    private static int compared;

    @BeforeContainer
    static void startEngines() {
        bare = new BareEngine();
        shared = new BareEngine();
        // Newer versions answer with more fields.
        api = System.getProperty("differential.api", bare.api());
    }

    @AfterContainer
    static void stopEngines() {
        shared.close();
        bare.close();
        System.out.println("Differential test: " + compared + " calls compared, API " + api + ", seed " + SEED);
        assertThat(compared).as("calls whose answers were compared").isGreaterThanOrEqualTo(CALLS);
    }

    @Property(tries = 120, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void sessionWhenCalledLikeABareEngineAnswersAlike(@ForAll("calls") List<Call> calls) {
        CompletableFuture<List<Answer>> engines = CompletableFuture.supplyAsync(() -> {
            bare.clean();
            return answers(bare.endpoint(), api, calls);
        });
        List<Answer> sessions;
        SessionOptions options =
                SessionOptions.defaults().engine(shared.endpoint()).watchdog(false);
        try (DockerSession open = DoodWorkflow.create().open(options)) {
            sessions = answers(open.endpoint(), api, calls);
        } finally {
            // Also where the session failed: the next sequence needs the engine to itself.
            engines.handle((answers, failure) -> answers).join();
        }
        compare(calls, engines.join(), sessions);
        assertThat(shared.docker().listContainersCmd().withShowAll(true).exec())
                .as("what the closed session left")
                .isEmpty();
    }

    private static void compare(List<Call> calls, List<Answer> bare, List<Answer> session) {
        for (int i = 0; i < calls.size(); i++) {
            if (bare.get(i) == Answer.NONE || bare.get(i) == Answer.LEFT_OUT && session.get(i) == Answer.LEFT_OUT) {
                continue;
            }
            compared++;
            assertThat(session.get(i).toString())
                    .as("answer %d of %d, to %s", i + 1, calls.size(), calls.get(i))
                    .isEqualTo(bare.get(i).toString());
        }
    }

    @Provide
    Arbitrary<List<Call>> calls() {
        // Of any length, so that a failure shrinks to the few calls that matter.
        return Calls.any().list().ofMinSize(1).ofMaxSize(100).withSizeDistribution(RandomDistribution.uniform());
    }

    private static List<Answer> answers(Endpoint endpoint, String api, List<Call> calls) {
        List<Answer> answers = new ArrayList<>();
        Side side = new Side(endpoint, api);
        try {
            for (Call call : calls) {
                answers.add(side.send(call));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }
}
