package io.dockerworkflow.dood.differential;

import io.dockerworkflow.SessionOptions;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Sends the same calls to a bare engine and to a session on another that is like it. Each sequence begins with nothing on
 * either; a difference is shrunk to the few calls that show it.
 */
class DifferentialIT {
    private static final int CALLS = 5_000;
    private static final int FEW_CALLS = 300;
    private static final String SEED = "20261122";

    private static Comparison comparison;
    private static int atLeast;

    @BeforeContainer
    static void startEngines() {
        comparison = new Comparison(SessionOptions.defaults());
    }

    @AfterContainer
    static void stopEngines() {
        comparison.close();
    }

    @AfterProperty
    void assertCompared() {
        comparison.assertCompared(atLeast);
    }

    @Property(tries = 7, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void sessionWhenCalledAFewTimesAnswersLikeABareEngine(@ForAll("calls") List<Call> calls) {
        atLeast = FEW_CALLS;
        comparison.send(calls);
    }

    @Tag("long")
    @Property(tries = 105, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void sessionWhenCalledLikeABareEngineAnswersAlike(@ForAll("calls") List<Call> calls) {
        atLeast = CALLS;
        comparison.send(calls);
    }

    @Provide
    Arbitrary<List<Call>> calls() {
        return Calls.sequence();
    }
}
