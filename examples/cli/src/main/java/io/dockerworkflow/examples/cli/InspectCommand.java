package io.dockerworkflow.examples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows all there is to know of a session. */
@Command(name = "inspect", description = "Shows all that the engine knows of a session, as JSON.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class InspectCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SessionArgument session;

    @Override
    public void run() {
        spec.commandLine().getOut().println(SessionViews.json(SessionViews.asJson(session.info())));
    }
}
