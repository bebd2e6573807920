package io.dockerworkflow.dood.gateway.volume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.SessionLabels;
import io.dockerworkflow.internal.children.SessionNames;

/** Rewrites what the engine says of the session's volumes into what their client knows. Changes the trees in place. */
public final class VolumeRewriter {
    private final SessionNames names;
    private final SessionLabels labels;

    public VolumeRewriter(SessionNames names) {
        this.names = names;
        this.labels = new SessionLabels(names);
    }

    /** A volume, listed or inspected. */
    public ObjectNode rewrite(ObjectNode volume) {
        String engineName = ApiJson.text(volume, "Name");
        names.logicalName(engineName).ifPresent(logical -> {
            volume.put("Name", logical);
            TextFields.text(volume, "Mountpoint", path -> TextFields.directory(path, engineName, logical));
        });
        boolean bare = volume.path("Labels").has(SessionLabels.NO_LABELS);
        labels.remove(volume, "Labels");
        if (bare) {
            volume.putNull("Labels");
        }
        return volume;
    }
}
