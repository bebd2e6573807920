package io.dockerworkflow.examples.cli;

import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes a session's children. */
@Command(name = "rm", description = "Removes a session's children from the engine.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class RmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SessionArgument session;

    @Option(
            names = {"-f", "--force"},
            description = "Even if the process that opened the session is alive; it is not told.")
    private boolean force;

    @Override
    public Integer call() {
        SessionInfo info = session.info();
        if (info.ownerAlive() && !force) {
            throw new WorkflowException(
                    "remove the session",
                    info.id().value(),
                    Optional.of("the process that opened it is alive"),
                    "End that process, or say --force",
                    null);
        }
        TeardownReport report = Sessions.remove(SessionOptions.defaults(), info.id());
        PrintWriter out = spec.commandLine().getOut();
        report.removed().forEach(child -> out.println("removed " + child));
        report.survivors().forEach(survivor -> spec.commandLine().getErr().println("left " + survivor));
        return report.complete() ? 0 : ExitCodes.FAILED;
    }
}
