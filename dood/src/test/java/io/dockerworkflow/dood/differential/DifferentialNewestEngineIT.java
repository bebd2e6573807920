package io.dockerworkflow.dood.differential;

import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.testsupport.NewestEngine;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The same with engines of Debian's newest release, and fewer calls: run {@link DifferentialIT} there for more. */
@Tag("long")
class DifferentialNewestEngineIT {
    private static final int CALLS = 800;
    private static final String SEED = "20261122";

    private static Comparison comparison;

    @BeforeContainer
    static void startEngines() {
        comparison = new Comparison(SessionOptions.defaults().engine(NewestEngine.withImages()));
    }

    @AfterContainer
    static void stopEngines() {
        comparison.close();
        comparison.assertCompared(CALLS);
    }

    @Property(tries = 20, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void sessionWhenCalledLikeABareEngineAnswersAlike(@ForAll("calls") List<Call> calls) {
        comparison.send(calls);
    }

    @Provide
    Arbitrary<List<Call>> calls() {
        return Calls.sequence();
    }
}
