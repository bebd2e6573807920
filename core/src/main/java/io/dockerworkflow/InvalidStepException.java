package io.dockerworkflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A step has settings that cannot be run. Nothing was started. */
public final class InvalidStepException extends WorkflowException {
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
    public InvalidStepException(
            String operation, String target, Optional<String> engineMessage, String remedy, @Nullable Throwable cause) {
        super(operation, target, engineMessage, remedy, cause);
    }
}
