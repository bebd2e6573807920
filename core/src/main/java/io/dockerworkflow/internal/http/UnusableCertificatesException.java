package io.dockerworkflow.internal.http;

import io.dockerworkflow.EngineException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The certificates for an engine are missing or cannot be understood. Its message is the reason alone. */
public final class UnusableCertificatesException extends SSLException {
    private static final long serialVersionUID = 1L;

    private final EngineException told;

    UnusableCertificatesException(Path directory, String reason, String remedy, @Nullable Throwable cause) {
        super(reason, cause);
        this.told =
                new EngineException("read the certificates", directory.toString(), Optional.of(reason), remedy, this);
    }

    /** The same for the user: what could not be done with what, why, and what helps. */
    public EngineException told() {
        return told;
    }
}
