package io.dockerworkflow.examples.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void medianWhenCountIsOddIsTheMiddleOneInOrderOfSize() {
        assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
    }

    @Test
    void medianWhenCountIsEvenIsTheMeanOfTheMiddleTwo() {
        assertThat(Samples.of(9, 1, 5, 2).median()).isEqualTo(3.5);
    }

    @Test
    void perComparesRoundByRoundSoThatDriftCancels() {
        Samples slowerEveryRound = Samples.of(100, 200, 400);
        Samples halfOfIt = Samples.of(50, 100, 200);

        assertThat(slowerEveryRound.per(halfOfIt)).isEqualTo(Samples.of(2, 2, 2));
        assertThat(slowerEveryRound.less(halfOfIt)).isEqualTo(Samples.of(50, 100, 200));
    }

    @Test
    void perWhenRoundsAreOfDifferentNumbersIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.of(1, 2).per(Samples.of(1)))
                .withMessage("Rounds are compared one by one: 2 are not 1");
    }

    @Test
    void samplesWhenThereAreNoneAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of()));
    }
}
