package io.dockerworkflow;

import com.github.dockerjava.api.DockerClient;
import java.util.List;
import java.util.Map;

/** A session that has a Docker of its own, which any client can use. */
public interface DockerSession extends WorkflowSession {

    /** The variables that would lead a Docker client past the session's endpoint. */
    List<String> FOREIGN_VARIABLES = List.of(
            "DOCKER_HOST",
            "DOCKER_CONTEXT",
            "DOCKER_TLS",
            "DOCKER_TLS_VERIFY",
            "DOCKER_CERT_PATH",
            "DOCKER_API_VERSION");

    /** What any Docker client connects to in order to be in this session. Valid until the session ends. */
    Endpoint endpoint();

    /**
     * The variables that lead a Docker client to {@link #endpoint()}: {@code DOCKER_HOST} and, with TLS, two more. In DooD mode
     * also {@code TESTCONTAINERS_} ones, which tell Testcontainers what the session's policy is.
     */
    default Map<String, String> environment() {
        return endpoint().environment();
    }

    /**
     * Makes every Docker client that the process starts use this session: adds {@link #environment()} and removes what would
     * lead elsewhere ({@link #FOREIGN_VARIABLES}).
     *
     * @return the same builder
     */
    default ProcessBuilder configure(ProcessBuilder process) {
        Map<String, String> variables = process.environment();
        FOREIGN_VARIABLES.forEach(variables::remove);
        variables.putAll(environment());
        return process;
    }

    /**
     * A docker-java client that sees only this session. The session owns it: it is closed with the session, and closing it
     * earlier breaks only this client.
     *
     * @throws SessionClosedException after the session has ended
     */
    DockerClient docker();
}
