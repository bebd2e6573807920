package io.dockerworkflow.dind;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.Child;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.session.SessionScope;
import java.util.Map;
import java.util.Optional;

/**
 * The volume that a daemon keeps its data in: the session's own, which ends with it, or a cache, which one session after the
 * other uses.
 *
 * @param name its name on the engine
 * @param cache the cache's name, if it is one
 */
record DataVolume(String name, Optional<String> cache) {
    private static final String CACHE_LABEL = Labels.PREFIX + "cache";

    /** Makes it, unless it is a cache that is there already. */
    static DataVolume make(SessionScope scope, DindSettings settings) {
        DockerClient engine = scope.engine().docker();
        return settings.cache()
                .map(cache -> cache(engine, cache, settings.rights()))
                .orElseGet(() -> ofSession(engine, scope));
    }

    /**
     * What the container that uses it is called. A cache's name alone: two daemons on one directory destroy it, and the engine
     * gives a name only once, so the name is the lock. It is released when the container is removed, by whomever.
     */
    String containerName(SessionScope scope) {
        return cache.isPresent() ? name : scope.names().engineName("daemon");
    }

    private static DataVolume cache(DockerClient engine, String cache, Rights rights) {
        // A rootless daemon's files belong to others.
        String name = "dw-cache-" + cache + (rights == Rights.ROOTLESS ? "-rootless" : "");
        engine.createVolumeCmd()
                .withName(name)
                .withLabels(Map.of(CACHE_LABEL, cache))
                .exec();
        return new DataVolume(name, Optional.of(cache));
    }

    /** Named and labelled, not left to the image's VOLUME line, so that the tracker or a sweep finds it. */
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
