package io.dockerworkflow.dind;

import io.dockerworkflow.DockerSession;

/**
 * A session with a Docker daemon of its own. Everything that clients create through {@link #docker()} or
 * {@link #endpoint()} lives in that daemon and ends with it. Safe for use by several threads.
 *
 * <p>Steps run beside the daemon, in its network: in a step, the published port of a nested container is at
 * {@code localhost}. A nested {@code docker run -v DIR:...} finds the directories under
 * {@link io.dockerworkflow.SessionOptions#workspace()}, at their own paths, and no other directories of this machine.
 */
public interface DindSession extends DockerSession {

    /** The rights of the daemon. */
    Rights rights();
}
