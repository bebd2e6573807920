package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.spi.SessionNames;

/** Rewrites what the engine says of the session's volumes into what their client knows. Changes the trees in place. */
final class VolumeRewriter {
    private final SessionNames names;
    private final SessionLabels labels;

    VolumeRewriter(SessionNames names) {
        this.names = names;
        this.labels = new SessionLabels(names);
    }

    /** A volume, listed or inspected. */
    ObjectNode rewrite(ObjectNode volume) {
        String engineName = Json.text(volume, "Name");
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
