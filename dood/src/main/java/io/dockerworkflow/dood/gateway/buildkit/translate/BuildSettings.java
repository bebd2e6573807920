package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.policy.Rule;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a session's builds are held to.
 *
 * @param session the session's id, in characters that an image label, a host name and a build's reference may hold
 * @param labels what every image that is built gets as labels
 * @param hiddenLabels what the names of labels begin with that clients neither see nor set
 * @param images the session's images
 * @param policy what builds may ask for
 * @param cgroupParent the cgroup that all steps run in, whatever builds ask for; empty to leave it to them and the engine
 * @param isolatedCache whether builds see no cache from outside the session
 * @param sourcePolicies whether the engine's builder knows source policies, as from engine 24 (API 1.43) on; older ones are
 *     given Dockerfiles with the engine's references in them
 * @param severalExporters whether the engine's builder knows several exporters in one build, as from engine 26 (API 1.45) on
 * @param enginePushes whether the engine's builder itself pushes what it is asked to push, as it does with containerd's image
 *     store; else its clients do that after the build, through the engine's API
 */
public record BuildSettings(
        String session,
        Map<String, String> labels,
        String hiddenLabels,
        BuildImages images,
        BuildPolicy policy,
        Optional<String> cgroupParent,
        boolean isolatedCache,
        boolean sourcePolicies,
        boolean severalExporters,
        BooleanSupplier enginePushes) {

    /** Copies the labels. */
    public BuildSettings {
        labels = Map.copyOf(labels);
    }

    /**
     * Asks the policy.
     *
     * @throws GrpcRefusal if it does not allow it
     */
    void require(Rule rule, String field, String value) {
        policy.refusal(rule, field, value).ifPresent(words -> {
            throw new GrpcRefusal(GrpcStatus.PERMISSION_DENIED, words);
        });
    }

    /** The engine's reference of a build, so that no session can name another's. */
    public String engineRef(String ref) {
        return refPrefix() + ref;
    }

    String refPrefix() {
        return "dw-" + session + "-";
    }

    /** Makes the steps of an isolated session's builds differ from everybody else's: a host that they all know. */
    public String isolationHost() {
        return "dw-" + session + ".invalid";
    }

    String cacheNamespace() {
        return "dw-" + session;
    }
}
