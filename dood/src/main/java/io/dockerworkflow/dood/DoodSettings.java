package io.dockerworkflow.dood;

import java.util.Optional;

/**
 * The settings of a workflow's sessions.
 *
 * @param policy what clients may request from the engine
 * @param cache the build cache that builds use
 * @param hostImages the host's images that clients see
 * @param ownCgroup whether children are created in the cgroup of this process
 * @param joinsNetworks whether the container of this process joins the session's networks
 * @param listener receives finished requests
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
