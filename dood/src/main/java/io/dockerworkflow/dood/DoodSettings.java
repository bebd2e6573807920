package io.dockerworkflow.dood;

import java.util.Optional;

/**
 * What the sessions of a workflow are opened with.
 *
 * @param policy what clients may ask of the engine
 * @param cache which build cache builds see
 * @param hostImages which of the host's images clients see
 * @param ownCgroup whether children are made in the cgroup of this process
 * @param joinsNetworks whether the container of this process joins the session's networks
 * @param listener is told of finished requests
 */
record DoodSettings(
        SessionPolicy policy,
        CacheScope cache,
        HostImages hostImages,
        boolean ownCgroup,
        boolean joinsNetworks,
        Optional<GatewayListener> listener) {

    static DoodSettings defaults() {
        return new DoodSettings(
                SessionPolicy.guarded(), CacheScope.SHARED, HostImages.all(), false, false, Optional.empty());
    }

    DoodSettings policy(SessionPolicy other) {
        return new DoodSettings(other, cache, hostImages, ownCgroup, joinsNetworks, listener);
    }

    DoodSettings cache(CacheScope other) {
        return new DoodSettings(policy, other, hostImages, ownCgroup, joinsNetworks, listener);
    }

    DoodSettings hostImages(HostImages other) {
        return new DoodSettings(policy, cache, other, ownCgroup, joinsNetworks, listener);
    }

    DoodSettings withOwnCgroup() {
        return new DoodSettings(policy, cache, hostImages, true, joinsNetworks, listener);
    }

    DoodSettings joiningNetworks() {
        return new DoodSettings(policy, cache, hostImages, ownCgroup, true, listener);
    }

    DoodSettings listener(GatewayListener told) {
        return new DoodSettings(policy, cache, hostImages, ownCgroup, joinsNetworks, Optional.of(told));
    }
}
