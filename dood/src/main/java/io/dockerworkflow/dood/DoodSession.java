package io.dockerworkflow.dood;

import io.dockerworkflow.DockerSession;

/** A session with a gateway of its own. Safe for use by several threads. */
public interface DoodSession extends DockerSession {

    /**
     * Describes what the gateway knows about the session, for a bug report: versions, and each container, network, volume,
     * image and exec with logical name, engine name, id, and since when the gateway knows it. The text contains only names,
     * ids and times: no environment, commands, labels or credentials. The text is for people; its form may change. The
     * method also works after the session's end, and sends no request to the engine.
     */
    String describe();
}
