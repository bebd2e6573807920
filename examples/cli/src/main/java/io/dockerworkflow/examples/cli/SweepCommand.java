package io.dockerworkflow.examples.cli;

import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.SweepReport;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes what dead processes left. */
@Command(
        name = "sweep",
        description = "Removes the children of sessions whose process is dead. Leaves all others alone.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class SweepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--dry-run", description = "Only show what would be removed.")
    private boolean dryRun;

    @Override
    public Integer call() {
        SweepReport report =
                dryRun ? Sessions.sweepable(SessionOptions.defaults()) : Sessions.sweep(SessionOptions.defaults());
        PrintWriter out = spec.commandLine().getOut();
        if (!report.swept().isEmpty()) {
            out.print(SessionViews.sessions(report.swept()));
        }
        report.removed().forEach(child -> out.println("removed " + child));
        report.survivors().forEach(survivor -> spec.commandLine().getErr().println("left " + survivor));
        out.println((dryRun ? "to sweep: " : "swept: ") + report.swept().size() + ", spared: "
                + report.spared().size());
        return report.survivors().isEmpty() ? 0 : ExitCodes.FAILED;
    }
}
