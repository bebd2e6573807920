package io.dockerworkflow.dood;

import io.dockerworkflow.DockerSession;

/** A session behind a gateway of its own. */
public interface DoodSession extends DockerSession {

    /**
     * What the gateway knows of the session, for a bug report: versions, and each container, network, volume, image and exec with
     * logical name, engine name, id, and since when it is known. Names, ids and times only: no environment, commands, labels or
     * credentials. To be read by people; its form may change. Works after the session's end too, and asks nothing of the engine.
     */
    String describe();
}
