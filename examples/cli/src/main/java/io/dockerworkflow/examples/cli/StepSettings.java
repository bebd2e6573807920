package io.dockerworkflow.examples.cli;

import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options that say what step to run. */
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class StepSettings {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-I", "--image"},
            paramLabel = "IMAGE",
            description = "The step's image.")
    private Optional<String> image;

    @Option(
            names = {"-w", "--workspace"},
            paramLabel = "DIR",
            description = "Mount this directory at the same path, and work in it.")
    private Optional<Path> workspace;

    @Option(names = "--workdir", paramLabel = "DIR", description = "Work in this directory of the container.")
    private Optional<String> workingDirectory;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Set a variable. May be repeated.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--secret",
            paramLabel = "NAME=FILE",
            description = "Give the step this file's content as /run/secrets/NAME, and mask it in the output. May be"
                    + " repeated.")
    private Map<String, Path> secrets = new LinkedHashMap<>();

    @Option(names = "--timeout", paramLabel = "TIME", description = "End the step after this time, as 90s, 15m or 2h.")
    private Optional<String> timeout;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER",
            description = "Run as this user, uid[:gid] or a name. Default: who runs docker-workflow.")
    private Optional<String> user;

    @Option(
            names = {"-i", "--interactive"},
            description = "Pass standard input on to the step.")
    private boolean interactive;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command;

    Optional<String> image() {
        return image;
    }

    Step step() {
        Step step = Step.of(command);
        if (image.isPresent()) {
            step = step.image(image.get());
        }
        if (workspace.isPresent()) {
            step = step.workspace(workspace.get());
        }
        if (workingDirectory.isPresent()) {
            step = step.workingDirectory(workingDirectory.get());
        }
        if (timeout.isPresent()) {
            step = step.timeout(duration(timeout.get()));
        }
        if (user.isPresent()) {
            step = step.user(user.get());
        }
        if (interactive) {
            step = step.stdin(Stdin.from(() -> System.in));
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            step = step.environment(variable.getKey(), variable.getValue());
        }
        for (Map.Entry<String, Path> secret : secrets.entrySet()) {
            step = step.secret(secret.getKey(), content(secret.getKey(), secret.getValue()));
        }
        return step;
    }

    /** Without the line end that an editor leaves, which is hardly ever part of a secret. */
    private String content(String name, Path file) {
        try {
            String content = Files.readString(file);
            return content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
        } catch (IOException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "Cannot read the file of secret " + name + ": " + file, e);
        }
    }

    private Duration duration(String text) {
        try {
            Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (duration.isNegative() || duration.isZero()) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--timeout is longer than zero, not " + text);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--timeout is a time as 90s, 15m or 1h30m, not " + text, e);
        }
    }
}
