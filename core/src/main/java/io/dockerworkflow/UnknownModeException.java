package io.dockerworkflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The class path has no mode of the given name. */
public final class UnknownModeException extends WorkflowException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an error from these facts.
     *
     * @param operation what was attempted
     * @param target what it was attempted on
     * @param engineMessage the engine's own words, if any
     * @param remedy what to do
     * @param cause the cause, or null
     */
    public UnknownModeException(
            String operation, String target, Optional<String> engineMessage, String remedy, @Nullable Throwable cause) {
        super(operation, target, engineMessage, remedy, cause);
    }
}
