package io.dockerworkflow.dood;

/**
 * What the sessions of a workflow are opened with.
 *
 * @param policy what clients may ask of the engine
 * @param cache which build cache builds see
 * @param hostImages which of the host's images clients see
 */
record DoodSettings(SessionPolicy policy, CacheScope cache, HostImages hostImages) {

    static DoodSettings defaults() {
        return new DoodSettings(SessionPolicy.guarded(), CacheScope.SHARED, HostImages.all());
    }

    DoodSettings policy(SessionPolicy other) {
        return new DoodSettings(other, cache, hostImages);
    }

    DoodSettings cache(CacheScope other) {
        return new DoodSettings(policy, other, hostImages);
    }

    DoodSettings hostImages(HostImages other) {
        return new DoodSettings(policy, cache, other);
    }
}
