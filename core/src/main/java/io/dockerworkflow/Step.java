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
 * One command, to be run in a container of its own. Says nothing of a mode: the same step runs in all three. Immutable; each
 * method that sets something returns a changed copy.
 *
 * <p>By default the step runs as the user and group of this process, with a {@code HOME} that it can write to, with no input,
 * without a time limit, and in its workspace where it has one.
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
     * Runs in this image, which is pulled if the engine does not have it. Of the image's own start-up nothing runs: the
     * command takes the place of its entrypoint, so that no entrypoint swallows it. A fat-image session runs every step in its
     * own image and ignores this.
     */
    public Step image(String image) {
        return with(spec -> spec.image = Optional.of(image));
    }

    /** Sets a variable of the step's environment. Visible to whoever may inspect the container: no place for a secret. */
    public Step environment(String name, String value) {
        return with(spec -> spec.environment = plus(spec.environment, name, value));
    }

    /**
     * Gives the step a secret, as the file {@code /run/secrets/NAME} that only its user can read. The value is in no label,
     * environment, command line, image or log of the engine, and is masked in the output; of a value of several lines,
     * each line of at least four characters.
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
     * Mounts this directory at the same path in the container, writable, and works in it. By default the session's
     * {@link SessionOptions#workspace()}, if any.
     */
    public Step workspace(Path directory) {
        return with(
                spec -> spec.workspace = Optional.of(directory.toAbsolutePath().normalize()));
    }

    /**
     * Works in this directory of the container, relative to the workspace if it is not absolute; by default in the
     * workspace, or where the image says.
     */
    public Step workingDirectory(String directory) {
        return with(spec -> spec.workingDirectory = Optional.of(directory));
    }

    /**
     * Runs as this user: {@code uid[:gid]}, or a name that the image knows. By default this process's user and group.
     *
     * <p>A user given by number, other than root, gets a home of its own ({@code /home/step}) and an entry in the image's
     * list of users, so that tools find both. Root, and a user given by name, have the home that the image says.
     */
    public Step user(String user) {
        return with(spec -> spec.user = Optional.of(user));
    }

    /**
     * Ends the step this long after the start of its container; its outcome is then {@link StepOutcome.TimedOut}. Its
     * processes get SIGTERM, and 3 seconds later SIGKILL.
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
     * Limits the memory of the step's container, without swap; a step that needs more is ended, and its outcome is
     * {@link StepOutcome.OutOfMemory}. Without this the engine's own limit counts, which is usually none.
     *
     * @param bytes how much; engines refuse less than 6 MiB
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

    /** Mutable only while a copy is being made, so that adding a property does not touch every other method. */
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
