package io.dockerworkflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No mode of that name is on the class path. */
public final class UnknownModeException extends WorkflowException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of these facts.
     *
     * @param operation what was attempted
     * @param target on what
     * @param engineMessage the engine's own words, if any
     * @param remedy what to do
     * @param cause the cause, or null
     */
    public UnknownModeException(
            String operation, String target, Optional<String> engineMessage, String remedy, @Nullable Throwable cause) {
        super(operation, target, engineMessage, remedy, cause);
    }
}
