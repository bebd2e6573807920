package io.dockerworkflow.examples.benchmark.measure;

import java.io.PrintStream;

/** Where a program prints what it has found, and says what it is about. */
public final class Report {
    private final PrintStream out;
    private final PrintStream progress;

    /**
     * @param out gets the tables
     * @param progress gets what nobody keeps
     */
    public Report(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    public void progress(String what) {
        progress.println("bench: " + what);
    }

    public void paragraph(String text) {
        out.println(text);
        out.println();
        out.flush();
    }

    public void section(String title, String explanation, Table table) {
        out.println("### " + title);
        out.println();
        paragraph(explanation);
        paragraph(table.markdown().stripTrailing());
    }
}
