package io.dockerworkflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of this library's exceptions. Its message is one sentence made of the facts that are also accessors: what was
 * attempted, on what, what the engine said, and what to do about it.
 */
public class WorkflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String target;
    private final @Nullable String engineMessage;
    private final String remedy;

    /**
     * An error of these facts.
     *
     * @param operation what was attempted, as "open a session"
     * @param target on what, as "unix:///var/run/docker.sock"
     * @param engineMessage the engine's (or operating system's) own words; empty if it said nothing
     * @param remedy what to do, as "Start the Docker daemon"
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

    /** On what. */
    public String target() {
        return target;
    }

    /** The engine's own words, if it said anything. */
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
