package io.dockerworkflow.examples.benchmark.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Figures of the same thing, measured once a round. Immutable.
 *
 * @param values the figures, in the order of the rounds; never empty
 */
public record Samples(List<Double> values) {

    public Samples {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("There are no samples without a sample");
        }
        values = List.copyOf(values);
    }

    public static Samples of(double... values) {
        return new Samples(
                IntStream.range(0, values.length).mapToObj(i -> values[i]).toList());
    }

    /** The middle one; of an even number the mean of the middle two. */
    public double median() {
        List<Double> sorted = sorted();
        int upper = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(upper) : (sorted.get(upper - 1) + sorted.get(upper)) / 2;
    }

    public double least() {
        return Collections.min(values);
    }

    public double greatest() {
        return Collections.max(values);
    }

    /**
     * This divided by that, round by round: what disturbed the machine in a round disturbed both.
     *
     * @throws IllegalArgumentException if they are of different numbers of rounds
     */
    public Samples per(Samples other) {
        return pairwise(other, (mine, theirs) -> mine / theirs);
    }

    /**
     * This less that, round by round.
     *
     * @throws IllegalArgumentException if they are of different numbers of rounds
     */
    public Samples less(Samples other) {
        return pairwise(other, (mine, theirs) -> mine - theirs);
    }

    private Samples pairwise(Samples other, java.util.function.DoubleBinaryOperator operator) {
        if (values.size() != other.values.size()) {
            throw new IllegalArgumentException(
                    "Rounds are compared one by one: " + values.size() + " are not " + other.values.size());
        }
        return new Samples(IntStream.range(0, values.size())
                .mapToObj(i -> operator.applyAsDouble(values.get(i), other.values.get(i)))
                .toList());
    }

    private List<Double> sorted() {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted;
    }
}
