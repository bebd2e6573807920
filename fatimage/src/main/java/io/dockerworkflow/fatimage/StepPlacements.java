package io.dockerworkflow.fatimage;

import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.step.StepPlacement;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The placement of a fat-image session's steps: the engine itself, with a {@code docker} command that refuses. */
final class StepPlacements {
    /**
     * First on Docker's default path, so that it hides a docker client of the image. That client would only report that it
     * cannot connect, which makes its reader look for a daemon.
     */
    private static final String COMMAND = "/usr/local/bin/docker";

    private static final String REFUSAL = """
            #!/bin/sh
            echo "docker: a fat-image session has no Docker: no daemon, no socket, no DOCKER_HOST." >&2
            echo "Run this step in mode dood or dind, or do without docker in it." >&2
            exit 127
            """;

    private StepPlacements() {}

    /** Steps run in this image or, without one, in each step's own. */
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
