package io.dockerworkflow.dind;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.Child;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.session.SessionScope;
import java.util.Map;
import java.util.Optional;

/**
 * The volume with a daemon's data. It belongs to the session and is removed with it, or it is a cache that sessions use one
 * after the other.
 *
 * @param name its name on the engine
 * @param cache the cache's name, if it is a cache
 */
record DataVolume(String name, Optional<String> cache) {
    private static final String CACHE_LABEL = Labels.PREFIX + "cache";

    /** Creates the volume, unless it is a cache that already exists. */
    static DataVolume make(SessionScope scope, DindSettings settings) {
        DockerClient engine = scope.engine().docker();
        return settings.cache()
                .map(cache -> cache(engine, cache, settings.rights()))
                .orElseGet(() -> ofSession(engine, scope));
    }

    /**
     * The name of the container that uses this volume. For a cache, it is the name of the cache alone. Two daemons on one
     * directory destroy it, and the engine gives a container's name only once, so the name is the lock. Removing the
     * container releases it.
     */
    String containerName(SessionScope scope) {
        return cache.isPresent() ? name : scope.names().engineName("daemon");
    }

    private static DataVolume cache(DockerClient engine, String cache, Rights rights) {
        // A rootless daemon's files belong to other users.
        String name = "dw-cache-" + cache + (rights == Rights.ROOTLESS ? "-rootless" : "");
        engine.createVolumeCmd()
                .withName(name)
                .withLabels(Map.of(CACHE_LABEL, cache))
                .exec();
        return new DataVolume(name, Optional.of(cache));
    }

    /** Has a name and labels, unlike a volume from the image's VOLUME line, so that the tracker or a sweep finds it. */
    private static DataVolume ofSession(DockerClient engine, SessionScope scope) {
        String name = scope.names().engineName("daemon-data");
        try (var announcement = scope.tracker().announce(new Child(Child.Kind.VOLUME, name))) {
            engine.createVolumeCmd()
                    .withName(name)
                    .withLabels(scope.names().labels("daemon-data"))
                    .exec();
            announcement.created();
        }
        return new DataVolume(name, Optional.empty());
    }
}
