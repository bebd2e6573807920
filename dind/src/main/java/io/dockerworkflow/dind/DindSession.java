package io.dockerworkflow.dind;

import io.dockerworkflow.DockerSession;

/**
 * A session with a Docker daemon of its own. What is made through {@link #docker()} or {@link #endpoint()} lives and ends with
 * that daemon. Safe for use by several threads.
 *
 * <p>Steps run beside the daemon, in its network: a port that a nested container publishes is at {@code localhost} in a step. A
 * nested {@code docker run -v DIR:...} finds the directories under {@link io.dockerworkflow.SessionOptions#workspace()}, at
 * their own paths, and no others of this machine.
 */
public interface DindSession extends DockerSession {

    /** The rights that the daemon has obtained. */
    Rights rights();
}
