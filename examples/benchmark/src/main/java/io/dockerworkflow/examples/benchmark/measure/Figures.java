package io.dockerworkflow.examples.benchmark.measure;

import java.util.Locale;

/** Figures as they stand in tables. */
public final class Figures {
    private Figures() {}

    /** Three digits or so. */
    public static String plain(double figure) {
        double size = Math.abs(figure);
        return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%.0f", figure);
    }

    /** The median and, where there are several, the least and the greatest. */
    public static String spread(Samples samples, String unit) {
        String median = plain(samples.median()) + unit;
        return samples.values().size() == 1
                ? median
                : median + " (" + plain(samples.least()) + " to " + plain(samples.greatest()) + ")";
    }
}
