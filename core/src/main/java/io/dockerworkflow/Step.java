package io.dockerworkflow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One command that runs in a container of its own. A step is independent of the mode: the same step runs in all three.
 * Immutable: each method that sets something returns a changed copy. Safe for use by several threads.
 *
 * <p>By default the step runs as the user and group of this process, with a {@code HOME} that it can write to, with no input,
 * without a time limit, and in its workspace if it has one.
 */
public final class Step {
    private final Spec spec;

    private Step(Spec spec) {
        this.spec = spec;
    }

    /**
     * A step that runs this command, with no shell in between.
     *
     * @throws IllegalArgumentException if the command is empty
     */
    public static Step of(String... command) {
        return of(List.of(command));
    }

    /**
     * A step that runs this command, with no shell in between.
     *
     * @throws IllegalArgumentException if the command is empty
     */
    public static Step of(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("A step needs a command, for instance Step.of(\"mvn\", \"verify\")");
        }
        Spec spec = new Spec();
        spec.command = List.copyOf(command);
        return new Step(spec);
    }

    /**
     * Runs in this image. The engine pulls the image if it does not have it. The command replaces the image's entrypoint,
     * so that no entrypoint swallows the command. A fat-image session with an image of its own runs every step in that
     * image and ignores this one.
     */
    public Step image(String image) {
        return with(spec -> spec.image = Optional.of(image));
    }

    /**
     * Sets an environment variable of the step. Everybody who can inspect the container sees it: use {@link #secret} for a
     * secret.
     */
    public Step environment(String name, String value) {
        return with(spec -> spec.environment = plus(spec.environment, name, value));
    }

    /**
     * Gives the step a secret, as the file {@code /run/secrets/NAME} that only the step's user can read. The value is in no
     * label, environment, command line, image or log of the engine. It is masked in the output. If the value has several
     * lines, each line of at least four characters is masked.
     *
     * @throws IllegalArgumentException if the name is not a plain file name
     */
    public Step secret(String name, String value) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
            throw new IllegalArgumentException("A secret's name is a plain file name, not \"" + name + "\"");
        }
        return with(spec -> spec.secrets = plus(spec.secrets, name, value));
    }

    /**
     * Mounts this directory at the same path in the container, writable, and runs the command in it. The default is the
     * session's {@link SessionOptions#workspace()}, if there is one.
     */
    public Step workspace(Path directory) {
        return with(
                spec -> spec.workspace = Optional.of(directory.toAbsolutePath().normalize()));
    }

    /**
     * Runs the command in this directory of the container. A relative path is relative to the workspace. The default is the
     * workspace or, without one, the image's working directory.
     */
    public Step workingDirectory(String directory) {
        return with(spec -> spec.workingDirectory = Optional.of(directory));
    }

    /**
     * Runs as this user: {@code uid[:gid]}, or a name that the image knows. The default is the user and group of this process.
     *
     * <p>A user given by number, other than root, gets a home of its own ({@code /home/step}) and an entry in the image's
     * list of users, so that tools find both. Root, and a user given by name, have the home that the image defines.
     */
    public Step user(String user) {
        return with(spec -> spec.user = Optional.of(user));
    }

    /**
     * Ends the step when this time has passed since the start of its container. Its outcome is then
     * {@link StepOutcome.TimedOut}. Its processes get SIGTERM, and 3 seconds later SIGKILL.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Step timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("A step's timeout is longer than zero, not " + timeout);
        }
        return with(spec -> spec.timeout = Optional.of(timeout));
    }

    /**
     * Limits the memory of the step's container, without swap. The kernel ends a step that needs more, and its outcome is
     * {@link StepOutcome.OutOfMemory}. Without this setting the engine's own limit applies; usually there is none.
     *
     * @param bytes the limit; engines refuse less than 6 MiB
     * @throws IllegalArgumentException if it is not positive
     */
    public Step memory(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("A step's memory is more than zero bytes, not " + bytes);
        }
        return with(spec -> spec.memory = OptionalLong.of(bytes));
    }

    /** Gives the step this input, instead of none. */
    public Step stdin(Stdin stdin) {
        return with(spec -> spec.stdin = stdin);
    }

    /** The command and its arguments. */
    public List<String> command() {
        return spec.command;
    }

    /** The image, if the step names one. */
    public Optional<String> image() {
        return spec.image;
    }

    /** The variables that the step adds. */
    public Map<String, String> environment() {
        return spec.environment;
    }

    /** The secrets by name. */
    public Map<String, String> secrets() {
        return spec.secrets;
    }

    /** The workspace, absolute, if the step names one. */
    public Optional<Path> workspace() {
        return spec.workspace;
    }

    /** The working directory, if the step names one. */
    public Optional<String> workingDirectory() {
        return spec.workingDirectory;
    }

    /** The user, if the step names one. */
    public Optional<String> user() {
        return spec.user;
    }

    /** The time limit, if there is one. */
    public Optional<Duration> timeout() {
        return spec.timeout;
    }

    /** The memory limit in bytes, if there is one. */
    public OptionalLong memory() {
        return spec.memory;
    }

    /** The input. */
    public Stdin stdin() {
        return spec.stdin;
    }

    /** The command line; never a secret's value. */
    @Override
    public String toString() {
        return String.join(" ", spec.command);
    }

    private Step with(Consumer<Spec> change) {
        Spec copy = spec.copy();
        change.accept(copy);
        return new Step(copy);
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return Collections.unmodifiableMap(more);
    }

    /** The values. Mutable only while a copy is being made, so that a new property does not touch every other method. */
    private static final class Spec {
        private List<String> command = List.of();
        private Optional<String> image = Optional.empty();
        private Map<String, String> environment = Map.of();
        private Map<String, String> secrets = Map.of();
        private Optional<Path> workspace = Optional.empty();
        private Optional<String> workingDirectory = Optional.empty();
        private Optional<String> user = Optional.empty();
        private Optional<Duration> timeout = Optional.empty();
        private OptionalLong memory = OptionalLong.empty();
        private Stdin stdin = Stdin.none();

        private Spec copy() {
            Spec copy = new Spec();
            copy.command = command;
            copy.image = image;
            copy.environment = environment;
            copy.secrets = secrets;
            copy.workspace = workspace;
            copy.workingDirectory = workingDirectory;
            copy.user = user;
            copy.timeout = timeout;
            copy.memory = memory;
            copy.stdin = stdin;
            return copy;
        }
    }
}
