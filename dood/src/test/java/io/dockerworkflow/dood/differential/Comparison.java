package io.dockerworkflow.dood.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Two engines that are alike; one is asked directly, the other through a session. */
final class Comparison implements AutoCloseable {
    private final BareEngine bare;
    private final BareEngine shared;
    private final String api;
    private int compared;

    /**
     * @param outer the engine on which both run, in the image {@code docker:dind} that it has
     */
    Comparison(SessionOptions outer) {
        bare = new BareEngine(outer);
        shared = new BareEngine(outer);
        api = bare.api();
    }

    /** Sends these calls to either, beginning with nothing, and fails at the first answer that differs. */
    void send(List<Call> calls) {
        CompletableFuture<List<Answer>> engines = Background.supply(() -> {
            bare.clean();
            return answers(bare.endpoint(), calls);
        });
        List<Answer> sessions;
        SessionOptions options =
                SessionOptions.defaults().engine(shared.endpoint()).watchdog(false);
        try (DockerSession open = DoodWorkflow.create().open(options)) {
            sessions = answers(open.endpoint(), calls);
        } finally {
            // Also where the session failed: the next sequence needs the engine to itself.
            engines.handle((answers, failure) -> answers).join();
        }
        compare(calls, engines.join(), sessions);
        assertThat(shared.docker().listContainersCmd().withShowAll(true).exec())
                .as("what the closed session left")
                .isEmpty();
    }

    private List<Answer> answers(Endpoint endpoint, List<Call> calls) {
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

    private void compare(List<Call> calls, List<Answer> bare, List<Answer> session) {
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

    /** Since the last time. */
    void assertCompared(int atLeast) {
        System.out.println("Differential test: " + compared + " calls compared, API " + api);
        assertThat(compared).as("calls whose answers were compared").isGreaterThanOrEqualTo(atLeast);
        compared = 0;
    }

    @Override
    public void close() {
        try (bare;
                shared) {
            // both, whatever becomes of the other
        }
    }
}
