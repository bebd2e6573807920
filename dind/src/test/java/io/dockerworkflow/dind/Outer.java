package io.dockerworkflow.dind;

import io.dockerworkflow.internal.engine.EngineConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the engine that the sessions' daemons run on. */
final class Outer {
    private Outer() {}

    /** The names of containers and volumes with this label. */
    static List<String> left(EngineConnection outer, String label) {
        List<String> left = new ArrayList<>();
        outer.docker()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(label))
                .exec()
                .forEach(container -> left.add(container.getNames()[0]));
        Optional.ofNullable(outer.docker()
                        .listVolumesCmd()
                        .withFilter("label", List.of(label))
                        .exec()
                        .getVolumes())
                .ifPresent(volumes -> volumes.forEach(volume -> left.add(volume.getName())));
        return left;
    }
}
