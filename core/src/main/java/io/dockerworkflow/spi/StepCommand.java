package io.dockerworkflow.spi;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import io.dockerworkflow.internal.step.StepUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step as its place has it: what it leaves open is decided here.
 *
 * @param step the step
 * @param place where it runs
 * @param image its image
 * @param workspace its workspace
 * @param workspaceSource what the place's endpoint calls that
 * @param workingDirectory its working directory
 * @param user its user; empty: the image's
 */
record StepCommand(
        Step step,
        StepPlace place,
        String image,
        Optional<Path> workspace,
        Optional<Path> workspaceSource,
        Optional<String> workingDirectory,
        Optional<StepUser> user) {
    /** Where a user that the image does not know has its home. */
    static final String HOME = "/home/step";

    /**
     * Decides, without asking the engine.
     *
     * @param defaultWorkspace the session's workspace
     * @throws InvalidStepException if the step has no image, or its workspace does not exist
     */
    static StepCommand of(Step step, StepPlace place, Optional<Path> defaultWorkspace, HostPaths hostPaths) {
        String image = place.image()
                .or(step::image)
                .orElseThrow(() -> invalid(
                        step, "it names no image", "Say in which image it runs, for instance .image(\"busybox\")"));
        Optional<Path> workspace = step.workspace().or(() -> defaultWorkspace);
        workspace.filter(directory -> !Files.isDirectory(directory)).ifPresent(directory -> {
            throw new InvalidStepException(
                    "run a step",
                    step.toString(),
                    Optional.of("its workspace " + directory
                            + (Files.exists(directory) ? " is not a directory" : " does not exist")),
                    "Create the directory, or name another one",
                    null);
        });
        Optional<StepUser> user = step.user().map(StepUser::new).or(StepUser::ofThisProcess);
        Optional<Path> source =
                place.isGateway() ? workspace : workspace.map(directory -> onHost(step, directory, hostPaths));
        return new StepCommand(step, place, image, workspace, source, workingDirectory(step, workspace), user);
    }

    StepCommand withBinds(List<String> binds) {
        return new StepCommand(step, place.withBinds(binds), image, workspace, workspaceSource, workingDirectory, user);
    }

    /** Whether the step gets a home of its own. */
    boolean needsHome() {
        return user.filter(known -> !known.isRoot()).flatMap(StepUser::number).isPresent();
    }

    /** The command that creates the container, but for its name. */
    CreateContainerCmd create() {
        HostConfig host = HostConfig.newHostConfig()
                .withInit(true)
                // Attached clients get the output; a log on the engine would keep it, unmasked.
                .withLogConfig(new LogConfig(LoggingType.NONE))
                .withBinds(place.binds().stream().map(Bind::parse).toList())
                // Not a bind: for that an engine would make a directory that it does not find, owned by root.
                .withMounts(workspace.stream()
                        .map(directory -> new Mount()
                                .withType(MountType.BIND)
                                .withSource(workspaceSource.orElse(directory).toString())
                                .withTarget(directory.toString()))
                        .toList());
        place.network().ifPresent(host::withNetworkMode);
        step.memory().ifPresent(bytes -> host.withMemory(bytes).withMemorySwap(bytes));
        boolean stdin = readsInput();
        CreateContainerCmd command = place.docker()
                .createContainerCmd(image)
                .withHostConfig(host)
                .withLabels(place.labels())
                .withEntrypoint(step.command())
                .withCmd(List.of())
                .withEnv(environment())
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withStopSignal("SIGTERM")
                .withTty(false)
                .withStdinOpen(stdin)
                .withStdInOnce(stdin)
                .withAttachStdin(stdin)
                .withAttachStdout(true)
                .withAttachStderr(true);
        user.ifPresent(known -> command.withUser(known.text()));
        workingDirectory.ifPresent(command::withWorkingDir);
        return command;
    }

    boolean readsInput() {
        return step.stdin() instanceof Stdin.From;
    }

    private List<String> environment() {
        Map<String, String> variables = new LinkedHashMap<>(place.environment());
        if (needsHome()) {
            variables.put("HOME", HOME);
        }
        variables.putAll(step.environment());
        return variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }

    private static Optional<String> workingDirectory(Step step, Optional<Path> workspace) {
        Optional<String> wanted = step.workingDirectory();
        if (wanted.isEmpty()) {
            return workspace.map(Path::toString);
        }
        if (wanted.get().startsWith("/")) {
            return wanted;
        }
        Path base = workspace.orElseThrow(() -> invalid(
                step,
                "its working directory \"" + wanted.get() + "\" is relative, and it has no workspace",
                "Give it an absolute working directory, or a workspace"));
        return Optional.of(base.resolve(wanted.get()).normalize().toString());
    }

    private static Path onHost(Step step, Path workspace, HostPaths hostPaths) {
        return hostPaths
                .toHost(workspace)
                .orElseThrow(() -> invalid(
                        step,
                        "this process runs " + hostPaths + ", and the engine's machine does not have its workspace "
                                + workspace,
                        "Mount the workspace, or a directory above it, into the container that this process runs in"));
    }

    private static InvalidStepException invalid(Step step, String words, String remedy) {
        return new InvalidStepException("run a step", step.toString(), Optional.of(words), remedy, null);
    }
}
