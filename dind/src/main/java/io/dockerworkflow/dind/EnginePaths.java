package io.dockerworkflow.dind;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.session.SessionScope;
import java.nio.file.Path;
import java.util.Optional;

/** Paths of this process as the outer engine knows them. They differ if this process runs in a container itself. */
final class EnginePaths {
    private EnginePaths() {}

    /**
     * Returns the engine's name for a path of this process.
     *
     * @throws EngineException if the engine's machine does not have the path
     */
    static Path of(SessionScope scope, Path path) {
        return scope.hostPaths()
                .toHost(path)
                .orElseThrow(() -> new EngineException(
                        "share a directory with the session's daemon",
                        path.toString(),
                        Optional.of("this process runs " + scope.hostPaths()
                                + ", and the engine's machine does not have this directory"),
                        "Mount it, or a directory above it, into the container that this process runs in",
                        null));
    }
}
