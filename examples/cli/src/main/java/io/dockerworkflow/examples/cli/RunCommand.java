package io.dockerworkflow.examples.cli;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.TeardownException;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.fatimage.FatImage;
import io.dockerworkflow.fatimage.FatImageWorkflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs a step. */
@Command(name = "run", description = "Runs one step, a command in a container of its own, and removes what it made.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SessionSettings settings;

    @Mixin
    private StepSettings step;

    @Option(
            names = "--context",
            paramLabel = "DIR",
            description = "fatimage: build the image from this directory's Dockerfile, unless that was done before.")
    private Optional<Path> context;

    @Option(names = "--dockerfile", paramLabel = "FILE", description = "fatimage: the Dockerfile, if it is not in DIR.")
    private Optional<Path> dockerfile;

    @Option(
            names = "--tool",
            paramLabel = "COMMAND",
            description = "fatimage: fail at once if the image lacks this command. May be repeated.")
    private List<String> tools = new ArrayList<>();

    @Option(
            names = "--keep-on-failure",
            paramLabel = "MINUTES",
            description = "If the step fails, leave the session's children for inspection for this time.")
    private int keepMinutes;

    @Override
    public Integer call() {
        // Whatever is wrong with the command line is said before anything is opened.
        Step given = step.step();
        DockerWorkflow workflow = workflow();
        SessionOptions options = SessionOptions.defaults()
                .keepOnFailure(Duration.ofMinutes(keepMinutes))
                .listener(new EventPrinter(spec.commandLine(), root.verbose()));
        int code = 0;
        try (WorkflowSession session = workflow.open(options)) {
            code = session.run(given).exitCode();
        } catch (TeardownException e) {
            spec.commandLine().getErr().println("docker-workflow: " + e.getMessage());
            return code == 0 ? ExitCodes.FAILED : code;
        }
        return code;
    }

    private DockerWorkflow workflow() {
        DockerWorkflow workflow = settings.workflow();
        if (!settings.is(Mode.FATIMAGE)) {
            if (context.isPresent() || dockerfile.isPresent() || !tools.isEmpty()) {
                throw wrong("--context, --dockerfile and --tool are for mode fatimage only");
            }
            requireImage("name the step's image with --image");
            return workflow;
        }
        String[] commands = tools.toArray(String[]::new);
        if (context.isPresent()) {
            FatImage.Built built = dockerfile
                    .map(file -> FatImage.built(context.get(), file))
                    .orElseGet(() -> FatImage.built(context.get()));
            return FatImageWorkflow.create(built.tools(commands));
        }
        String image = requireImage("name the image with --image, or what to build it from with --context");
        return FatImageWorkflow.create(FatImage.named(image).tools(commands));
    }

    private String requireImage(String remedy) {
        return step.image().orElseThrow(() -> wrong("No image: " + remedy));
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
