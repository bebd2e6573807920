package io.dockerworkflow.examples.quickstart;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The records as a table. */
final class ResultTable {
    private static final String ROW = "%-9s %12s %14s %8s %5s %7s%n";

    private ResultTable() {}

    static String of(List<SessionRecord> records) {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, ROW, "mode", "ready after", "children made", "removed", "left", "time"));
        for (SessionRecord row : records) {
            table.append(String.format(
                    Locale.ROOT,
                    ROW,
                    row.mode(),
                    seconds(row.ready()),
                    row.made(),
                    row.removed(),
                    row.left(),
                    seconds(row.took())));
        }
        return table.toString();
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
