package io.dockerworkflow.examples.cli;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs a command of this machine with a Docker of its own. */
@Command(
        name = "exec",
        description =
                "Runs a command on this machine whose Docker clients all use a session of their own, and removes what"
                        + " they made.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class ExecCommand implements Callable<Integer> {
    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SessionSettings settings;

    @Option(
            names = {"-w", "--workspace"},
            paramLabel = "DIR",
            defaultValue = ".",
            description =
                    "What containers may mount of this machine, at the same path. Default: the current directory.")
    private Path workspace;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command;

    @Override
    public Integer call() throws InterruptedException {
        if (settings.is(Mode.FATIMAGE)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "Mode fatimage has no Docker that a command on this machine could use. Use mode dood or dind, or run a"
                            + " step in the image with `docker-workflow run --mode fatimage`");
        }
        DockerWorkflow workflow = settings.workflow();
        SessionOptions options = SessionOptions.defaults()
                .workspace(workspace)
                .listener(new EventPrinter(spec.commandLine(), root.verbose()));
        int code = 0;
        try (DockerSession session = (DockerSession) workflow.open(options)) {
            code = new HostCommand(command).run(session);
        } catch (TeardownException e) {
            spec.commandLine().getErr().println("docker-workflow: " + e.getMessage());
            return code == 0 ? ExitCodes.FAILED : code;
        }
        return code;
    }
}
