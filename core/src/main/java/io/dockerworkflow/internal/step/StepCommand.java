package io.dockerworkflow.internal.step;

import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import io.dockerworkflow.internal.host.HostPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step as its placement has it: what it leaves open is decided here.
 *
 * @param step the step
 * @param placement where it runs
 * @param image its image
 * @param workspace its workspace
 * @param workspaceSource what the placement's endpoint calls that
 * @param workingDirectory its working directory
 * @param user its user; empty: the image's
 */
record StepCommand(
        Step step,
        StepPlacement placement,
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
    static StepCommand of(Step step, StepPlacement placement, Optional<Path> defaultWorkspace, HostPaths hostPaths) {
        String image = placement
                .image()
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
                placement.isGateway() ? workspace : workspace.map(directory -> onHost(step, directory, hostPaths));
        return new StepCommand(step, placement, image, workspace, source, workingDirectory(step, workspace), user);
    }

    StepCommand withBinds(List<String> binds) {
        return new StepCommand(
                step, placement.withBinds(binds), image, workspace, workspaceSource, workingDirectory, user);
    }

    /** Whether the step gets a home of its own. */
    boolean needsHome() {
        return user.filter(known -> !known.isRoot()).flatMap(StepUser::number).isPresent();
    }

    /** What the engine is asked for, in its API's words. */
    Map<String, Object> specification() {
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("Init", true);
        // Attached clients get the output; a log on the engine would keep it, unmasked.
        host.put("LogConfig", Map.of("Type", "none"));
        host.put("Binds", placement.binds());
        host.put("Mounts", workspace.stream().map(this::mount).toList());
        placement.network().ifPresent(network -> host.put("NetworkMode", network));
        step.memory().ifPresent(bytes -> {
            host.put("Memory", bytes);
            host.put("MemorySwap", bytes);
        });
        boolean stdin = readsInput();
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("Image", image);
        container.put("HostConfig", host);
        container.put("Labels", placement.labels());
        container.put("Entrypoint", step.command());
        container.put("Env", environment());
        container.put("Healthcheck", Map.of("Test", List.of("NONE")));
        container.put("StopSignal", "SIGTERM");
        container.put("OpenStdin", stdin);
        container.put("StdinOnce", stdin);
        container.put("AttachStdin", stdin);
        container.put("AttachStdout", true);
        container.put("AttachStderr", true);
        user.ifPresent(known -> container.put("User", known.text()));
        workingDirectory.ifPresent(directory -> container.put("WorkingDir", directory));
        return container;
    }

    /** Not a bind: for that an engine would make a directory that it does not find, owned by root. */
    private Map<String, Object> mount(Path directory) {
        return Map.of(
                "Type", "bind",
                "Source", workspaceSource.orElse(directory).toString(),
                "Target", directory.toString());
    }

    boolean readsInput() {
        return step.stdin() instanceof Stdin.From;
    }

    private List<String> environment() {
        Map<String, String> variables = new LinkedHashMap<>(placement.environment());
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
