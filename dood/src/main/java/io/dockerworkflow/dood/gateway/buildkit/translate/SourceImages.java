package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;

/** The images that a build reads, as the client names them. */
final class SourceImages {
    private final BuildImages images;

    SourceImages(BuildImages images) {
        this.images = images;
    }

    /** Whether it is an image of the host that the session does not see: as cache it is left out, as if it were not there. */
    boolean isHidden(String reference) {
        return !reference.isBlank() && images.isHidden(BuildReferences.full(reference.strip()));
    }

    /**
     * The engine's reference for an image: the session's own, if it has one of that name.
     *
     * @param field what names the image, for the message if there is no such image
     */
    String toEngine(String reference, String field) {
        if (reference.isBlank()) {
            return reference;
        }
        String full = BuildReferences.full(reference.strip());
        String own = images.references().get(full);
        if (own != null) {
            return own;
        }
        if (images.isForeign(full)) {
            throw new GrpcRefusal(GrpcStatus.NOT_FOUND, field + ": " + reference + ": not found");
        }
        return reference;
    }
}
