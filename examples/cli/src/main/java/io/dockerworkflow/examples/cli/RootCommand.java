package io.dockerworkflow.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What all commands have in common. */
@Command(
        name = "docker-workflow",
        description = "Gives a build its Docker, and removes what the build made with it.",
        subcommands = {
            ExecCommand.class,
            RunCommand.class,
            LsCommand.class,
            PsCommand.class,
            LogsCommand.class,
            InspectCommand.class,
            RmCommand.class,
            SweepCommand.class
        },
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        version = "docker-workflow 0.1.0-SNAPSHOT",
        footer = {
            "",
            "Exit codes: the command's own; 2 for a wrong command line; 125 if docker-workflow itself fails; 126 and 127 if"
                    + " the command cannot be started; 130 after Ctrl-C."
        })
final class RootCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Also tell what happens in the session, and show the stack trace of an error.")
    private boolean verbose;

    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Say what to do: exec, run, ls, ps, logs, inspect, rm or sweep");
    }
}
