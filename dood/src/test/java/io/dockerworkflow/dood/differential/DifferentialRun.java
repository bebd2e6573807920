package io.dockerworkflow.dood.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
 * Sends the same calls to a bare engine and then to a session on that engine. One engine for both, one after the other: two
 * engines of different versions differ by themselves.
 *
 * <p>Not part of the build yet, since it has not passed all of its calls: run it with {@code -Dit.test=DifferentialRun}.
 */
class DifferentialRun {
    private static final int CALLS = 5_000;

    private static BareEngine engine;
    private static int sent;

    @BeforeContainer
    static void startEngine() {
        engine = new BareEngine();
    }

    @AfterContainer
    static void stopEngine() {
        engine.close();
        assertThat(sent).as("calls sent to each side").isGreaterThanOrEqualTo(CALLS);
    }

    @Property(tries = 110, seed = "20261122", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void sessionWhenCalledLikeABareEngineAnswersAlike(@ForAll("calls") List<Call> calls) throws IOException {
        sent += calls.size();
        List<Answer> bare = answers(engine.endpoint(), calls);
        engine.clean();
        List<Answer> session;
        try (DockerSession open =
                DoodWorkflow.create().open(SessionOptions.defaults().engine(engine.endpoint()))) {
            session = answers(open.endpoint(), calls);
        }
        for (int i = 0; i < calls.size(); i++) {
            if (bare.get(i) == Answer.NONE) {
                continue;
            }
            assertThat(session.get(i).toString())
                    .as("answer %d of %d, to %s", i + 1, calls.size(), calls.get(i))
                    .isEqualTo(bare.get(i).toString());
        }
        assertThat(engine.docker().listContainersCmd().withShowAll(true).exec())
                .as("what the closed session left")
                .isEmpty();
    }

    @Provide
    Arbitrary<List<Call>> calls() {
        // Of any length, so that a failure shrinks to the few calls that matter.
        return Calls.any().list().ofMinSize(1).ofMaxSize(100).withSizeDistribution(RandomDistribution.uniform());
    }

    private static List<Answer> answers(Endpoint endpoint, List<Call> calls) throws IOException {
        List<Answer> answers = new ArrayList<>();
        Side side = new Side(endpoint);
        for (Call call : calls) {
            answers.add(side.send(call));
        }
        return answers;
    }
}
