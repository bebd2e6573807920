package io.dockerworkflow.examples.cli;

import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists sessions. */
@Command(name = "ls", description = "Lists the sessions on the engine that have children, whoever opened them.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class LsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "As JSON, with the children.")
    private boolean json;

    @Override
    public void run() {
        List<SessionInfo> sessions = Sessions.list(SessionOptions.defaults());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(SessionViews.json(SessionViews.asJson(sessions)));
        } else {
            out.print(SessionViews.sessions(sessions));
        }
        out.flush();
    }
}
