package io.dockerworkflow.examples.benchmark.measure;

/**
 * What a figure may be at most.
 *
 * @param most the greatest value that meets it
 * @param unit the unit, as " us"; of ratios "x"
 */
public record Bound(double most, String unit) {

    public static Bound ratio(double most) {
        return new Bound(most, "x");
    }

    /** The verdict, as "met: at most 1.10x". */
    public String judge(double figure) {
        return (figure <= most ? "met" : "MISSED") + ": at most " + Figures.plain(most) + unit;
    }
}
