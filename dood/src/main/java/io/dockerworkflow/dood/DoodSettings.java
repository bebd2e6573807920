package io.dockerworkflow.dood;

/**
 * What the sessions of a workflow are opened with.
 *
 * @param policy what clients may ask of the engine
 * @param cache which build cache builds see
 * @param hostImages which of the host's images clients see
 * @param ownCgroup whether children are made in the cgroup of this process
 * @param joinsNetworks whether the container of this process joins the session's networks
 */
record DoodSettings(
        SessionPolicy policy, CacheScope cache, HostImages hostImages, boolean ownCgroup, boolean joinsNetworks) {

    static DoodSettings defaults() {
        return new DoodSettings(SessionPolicy.guarded(), CacheScope.SHARED, HostImages.all(), false, false);
    }

    DoodSettings policy(SessionPolicy other) {
        return new DoodSettings(other, cache, hostImages, ownCgroup, joinsNetworks);
    }

    DoodSettings cache(CacheScope other) {
        return new DoodSettings(policy, other, hostImages, ownCgroup, joinsNetworks);
    }

    DoodSettings hostImages(HostImages other) {
        return new DoodSettings(policy, cache, other, ownCgroup, joinsNetworks);
    }

    DoodSettings withOwnCgroup() {
        return new DoodSettings(policy, cache, hostImages, true, joinsNetworks);
    }

    DoodSettings joiningNetworks() {
        return new DoodSettings(policy, cache, hostImages, ownCgroup, true);
    }
}
