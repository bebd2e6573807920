package io.dockerworkflow.examples.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void tableAlignsItsColumns() {
        assertThat(new Table("way", "p50")
                        .row("bare engine", "1 us")
                        .row("x", "")
                        .markdown())
                .isEqualTo("""
                        | way         | p50  |
                        | ----------- | ---- |
                        | bare engine | 1 us |
                        | x           |      |
                        """);
    }

    @Test
    void rowWhenItHasTooFewCellsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table("way", "p50").row("one"))
                .withMessage("A row has 2 cells, not 1: [one]");
    }

    @Test
    void boundWhenFigureIsAtItIsMet() {
        assertThat(Bound.ratio(1.1).judge(1.1)).isEqualTo("met: at most 1.10x");
    }

    @Test
    void boundWhenFigureIsOverItIsMissed() {
        assertThat(new Bound(75, " us").judge(75.1)).isEqualTo("MISSED: at most 75.0 us");
    }

    @Test
    void spreadShowsTheRangeOfSeveralRounds() {
        assertThat(Figures.spread(Samples.of(1, 2, 30), " ms")).isEqualTo("2.00 ms (1.00 to 30.0)");
        assertThat(Figures.spread(Samples.of(123.4), " ms")).isEqualTo("123 ms");
    }
}
