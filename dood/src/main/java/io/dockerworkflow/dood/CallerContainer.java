package io.dockerworkflow.dood;

import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.session.SessionScope;
import java.util.Optional;

/** The container that this process runs in. It can join the session's networks. */
final class CallerContainer {
    private CallerContainer() {}

    /**
     * Returns the container's id.
     *
     * @throws WorkflowException if this process runs in no container of the engine, or in one that cannot join networks
     */
    static String id(SessionScope scope) {
        String id = scope.hostPaths()
                .container()
                .orElseThrow(
                        () -> failed("this process runs " + scope.hostPaths(), "Run it in a container of that engine"));
        String mode = Optional.ofNullable(scope.engine()
                        .docker()
                        .inspectContainerCmd(id)
                        .exec()
                        .getHostConfig()
                        .getNetworkMode())
                .orElse("");
        if (mode.equals("host") || mode.equals("none") || mode.startsWith("container:")) {
            throw failed(
                    "this process runs " + scope.hostPaths() + ", whose network mode is " + mode,
                    "Run it in a container with a network of its own");
        }
        return id;
    }

    private static WorkflowException failed(String why, String remedy) {
        return new WorkflowException(
                "join the session's networks",
                "this process",
                Optional.of(why),
                remedy + ", or open the session without joinNetworks()",
                null);
    }
}
