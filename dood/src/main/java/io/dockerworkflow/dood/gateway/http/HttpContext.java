package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.EngineClient;
import io.dockerworkflow.dood.gateway.engine.EngineFacts;

/** What the connections of clients need of the gateway that they are part of. */
public interface HttpContext {
    /** The engine that answers. */
    EngineClient engine();

    /** What it said of itself. */
    EngineFacts facts();

    /** What clients wait for that the session can end. */
    PendingWork pending();

    /** Becomes another with each change of what the session knows of its objects and their names. */
    long revision();

    /** A message of an error, or a line of its text, as the client may read it. */
    String clientMessage(String message);
}
