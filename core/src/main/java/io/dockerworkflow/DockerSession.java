package io.dockerworkflow;

import com.github.dockerjava.api.DockerClient;
import java.util.List;
import java.util.Map;

/** A session with a Docker endpoint of its own. Any Docker client can use it. */
public interface DockerSession extends WorkflowSession {

    /** The environment variables that would make a Docker client bypass the session's endpoint. */
    List<String> FOREIGN_VARIABLES = List.of(
            "DOCKER_HOST",
            "DOCKER_CONTEXT",
            "DOCKER_TLS",
            "DOCKER_TLS_VERIFY",
            "DOCKER_CERT_PATH",
            "DOCKER_API_VERSION");

    /** The endpoint of this session, for any Docker client. Valid until the session ends. */
    Endpoint endpoint();

    /**
     * The environment variables that direct a Docker client to {@link #endpoint()}: {@code DOCKER_HOST} and, with TLS, two
     * more. In DooD mode there are also {@code TESTCONTAINERS_} variables. They adapt Testcontainers to the session's
     * policy.
     */
    default Map<String, String> environment() {
        return endpoint().environment();
    }

    /**
     * Makes every Docker client that the process starts use this session. Adds {@link #environment()} and removes
     * {@link #FOREIGN_VARIABLES}.
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
     * A docker-java client that sees only this session. The session owns the client and closes it. Closing it earlier
     * breaks only this client.
     *
     * @throws SessionClosedException after the session has ended
     */
    DockerClient docker();
}
