package io.dockerworkflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of this library's exceptions. Its message is built from four facts: the operation, its target, the engine's
 * words, and the remedy. Each fact also has an accessor.
 */
public class WorkflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String target;
    private final @Nullable String engineMessage;
    private final String remedy;

    /**
     * Creates an error from these facts.
     *
     * @param operation what was attempted, such as "open a session"
     * @param target what it was attempted on, such as "unix:///var/run/docker.sock"
     * @param engineMessage the own words of the engine or the operating system; empty if there are none
     * @param remedy what to do, such as "Start the Docker daemon"
     * @param cause the cause, or null
     */
    public WorkflowException(
            String operation, String target, Optional<String> engineMessage, String remedy, @Nullable Throwable cause) {
        super(sentence(operation, target, engineMessage, remedy), cause);
        this.operation = operation;
        this.target = target;
        this.engineMessage = engineMessage.orElse(null);
        this.remedy = remedy;
    }

    /** What was attempted. */
    public String operation() {
        return operation;
    }

    /** What it was attempted on. */
    public String target() {
        return target;
    }

    /** The engine's own words, if there are any. */
    public Optional<String> engineMessage() {
        return Optional.ofNullable(engineMessage);
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    private static String sentence(String operation, String target, Optional<String> engineMessage, String remedy) {
        String said = engineMessage.map(words -> ": " + words.strip()).orElse("");
        String end = said.endsWith(".") ? " " : ". ";
        // A remedy of several lines ends in a quotation.
        String stop = remedy.endsWith(".") || remedy.contains("\n") ? "" : ".";
        return "Could not " + operation + " (" + target + ")" + said + end + remedy + stop;
    }
}
