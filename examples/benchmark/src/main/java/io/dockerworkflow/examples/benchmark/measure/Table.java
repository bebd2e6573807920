package io.dockerworkflow.examples.benchmark.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A Markdown table whose columns are aligned, so that it reads as well in a terminal. Not for use by several threads. */
public final class Table {
    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... head) {
        this.head = List.of(head);
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has more or fewer cells than the head
     */
    public Table row(String... cells) {
        if (cells.length != head.size()) {
            throw new IllegalArgumentException(
                    "A row has " + head.size() + " cells, not " + cells.length + ": " + Arrays.toString(cells));
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The table, each line ended. */
    public String markdown() {
        int[] widths = IntStream.range(0, head.size()).map(this::width).toArray();
        StringBuilder out = new StringBuilder();
        line(out, head, widths);
        line(out, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
        rows.forEach(row -> line(out, row, widths));
        return out.toString();
    }

    private int width(int column) {
        int widest =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(3, Math.max(widest, head.get(column).length()));
    }

    private static void line(StringBuilder out, List<String> cells, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            out.append("| ")
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length()));
            out.append(' ');
        }
        out.append("|\n");
    }
}
