package io.dockerworkflow.examples.cli;

import io.dockerworkflow.SessionInfo;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists a session's children. */
@Command(name = "ps", description = "Lists a session's children: containers, networks, volumes, images.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class PsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SessionArgument session;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public void run() {
        SessionInfo info = session.info();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(SessionViews.json(SessionViews.asJson(info)));
        } else {
            out.print(SessionViews.children(info));
        }
        out.flush();
    }
}
