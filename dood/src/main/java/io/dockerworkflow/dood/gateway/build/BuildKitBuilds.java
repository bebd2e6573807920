package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.Query;
import java.util.List;

/** What BuildKit asks for beside the classic builder, of builds that the engine drives with it ({@code POST /build?version=2}). */
public interface BuildKitBuilds {
    /** Changes the parameters that only BuildKit understands. */
    void translate(Query query);

    /** The engine's id for a build of the session's, so that no session can cancel another's. */
    String engineRef(String build);

    /** What the client gets of one object of the stream. */
    List<ObjectNode> filter(ObjectNode line);
}
