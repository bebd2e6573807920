package io.dockerworkflow.fatimage;

import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.step.StepPlacement;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the steps of a fat-image session run: on the engine itself, with a {@code docker} that refuses. */
final class StepPlaces {
    /**
     * Comes first on Docker's default path, so it is found also where the image has a docker client: that client would only
     * say that it cannot connect, which sends its reader off to look for a daemon.
     */
    private static final String COMMAND = "/usr/local/bin/docker";

    private static final String REFUSAL = """
            #!/bin/sh
            echo "docker: a fat-image session has no Docker: no daemon, no socket, no DOCKER_HOST." >&2
            echo "Run this step in mode dood or dind, or do without docker in it." >&2
            exit 127
            """;

    private StepPlaces() {}

    /** In that image, or in each step's own. */
    static StepPlacement in(Optional<String> image, SessionScope scope) {
        return new StepPlacement(
                scope.engine(),
                image,
                scope.names()::engineName,
                scope.names().labels(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Map.of(COMMAND, REFUSAL),
                Map.of());
    }
}
