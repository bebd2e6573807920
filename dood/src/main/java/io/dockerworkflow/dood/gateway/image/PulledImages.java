package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.image.ImageTags.Pending;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.ImageNames;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes the session's own what the engine has pulled or pushed. The engine knows such an image by the registry's names, which are
 * the host's: those are then again what they were before.
 */
public final class PulledImages {
    private final GatewayContext gateway;
    private final ImageTags tags;

    public PulledImages(GatewayContext gateway, ImageTags tags) {
        this.gateway = gateway;
        this.tags = tags;
    }

    /** Announces a name that a transfer may give on the host, so that it goes with the session if nobody takes it away before. */
    public void announce(String reference, Map<String, String> before) {
        if (!before.containsKey(reference)) {
            gateway.children().trackUnlabelled(child(reference));
        }
    }

    /** Whether the session already has under that tag what the registry has. */
    public CompletionStage<Boolean> isCurrent(ClientRequest request, String reference, String byDigest) {
        ImageNames images = gateway.images();
        if (!images.isOwn(reference) || !images.isOwn(byDigest)) {
            return CompletableFuture.completedFuture(false);
        }
        return ImageApi.idOf(request, images.toEngine(reference))
                .thenCombine(ImageApi.idOf(request, images.toEngine(byDigest)), Optional::equals);
    }

    /** What was announced, and would have had that name, may not have come to be. */
    public CompletionStage<Boolean> notPulled(ClientRequest request, String reference, Pending name) {
        return notPulled(request, reference, Optional.empty(), name);
    }

    /** The same; a tag that leads to another digest by now is somebody else's. */
    private CompletionStage<Boolean> notPulled(
            ClientRequest request, String reference, Optional<String> digest, Pending name) {
        return ImageApi.inspect(request, reference)
                .thenAccept(now -> {
                    boolean ours = now.filter(
                                    image -> digest.isEmpty() || hasDigest(image, byDigest(reference, digest.get())))
                            .isPresent();
                    if (!ours) {
                        gateway.children().forget(child(reference));
                    }
                })
                .handle((any, failure) -> true)
                .thenCompose(any -> name.settle(request));
    }

    private static boolean hasDigest(JsonNode image, String digest) {
        for (JsonNode known : image.path("RepoDigests")) {
            if (known.asText("").equals(digest)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes over the image that the host has under a name.
     *
     * @param reference the name, with a tag or a digest
     * @param digest the digest that the engine has remembered beside a tag
     * @param names what the session calls the image
     * @param before the host's names as they were
     * @return whether the host has that image; otherwise nothing has happened
     */
    public CompletionStage<Boolean> take(
            ClientRequest request,
            String reference,
            Optional<String> digest,
            List<Pending> names,
            Map<String, String> before) {
        // The tag may be somebody else's by now; a digest is always the same image's.
        String pulled = digest.map(known -> ImageReference.nameAsWritten(reference) + "@" + known)
                .orElse(reference);
        return ImageApi.idOf(request, pulled)
                .thenCompose(now -> now.isEmpty()
                        ? CompletableFuture.completedFuture(false)
                        : take(
                                        request,
                                        now.orElseThrow(),
                                        reference,
                                        digest,
                                        withDigest(names, reference, digest),
                                        before)
                                .thenApply(any -> true));
    }

    /**
     * The session finds an image that it has pushed by its digest, too; and what the push needed on the engine goes.
     *
     * @param spelled how the name was spelled for the push
     */
    CompletionStage<Boolean> takePushed(
            ClientRequest request,
            String id,
            String reference,
            String spelled,
            Optional<String> digest,
            Map<String, String> before) {
        return take(request, id, spelled, digest, withDigest(List.of(), reference, digest), before);
    }

    private List<Pending> withDigest(List<Pending> names, String reference, Optional<String> digest) {
        List<Pending> all = new ArrayList<>(names);
        digest.ifPresent(known -> all.add(tags.announceDigest(byDigest(reference, known))));
        return all;
    }

    private static String byDigest(String reference, String digest) {
        return ImageReference.nameAsWritten(reference) + "@" + digest;
    }

    /** Takes over that image by these names, and has the host's names for it be what they were. */
    private CompletionStage<Boolean> take(
            ClientRequest request,
            String id,
            String reference,
            Optional<String> digest,
            List<Pending> names,
            Map<String, String> before) {
        CompletionStage<Boolean> done = CompletableFuture.completedFuture(true);
        for (Pending name : names) {
            done = done.thenCompose(any -> ImageApi.tag(request, id, name.engineReference()))
                    .thenApply(EngineResponse::ok);
        }
        return done.handle((any, failure) -> true)
                .thenCompose(any -> tags.settle(request, names))
                .thenCompose(any -> undo(request, reference, id, before))
                .thenCompose(any -> digest.isPresent()
                        ? undo(request, byDigest(reference, digest.get()), id, before)
                        : CompletableFuture.completedFuture(true));
    }

    /** Takes over images that the host has under these names, each with the digest that the engine has remembered beside it. */
    public CompletionStage<Boolean> takeAll(
            ClientRequest request, Map<String, Optional<String>> pulled, Map<String, String> before) {
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (Map.Entry<String, Optional<String>> each : pulled.entrySet()) {
            String reference = each.getKey();
            all = all.thenCompose(any -> {
                boolean byDigest = reference.contains("@");
                Pending name = byDigest ? tags.announceDigest(reference) : tags.announce(reference);
                Optional<String> beside = byDigest ? Optional.empty() : each.getValue();
                return take(request, reference, beside, List.of(name), before)
                        .thenCompose(taken -> taken
                                ? CompletableFuture.completedFuture(true)
                                : notPulled(request, reference, beside, name));
            });
        }
        return all;
    }

    /** Has the host's name be what it was before. */
    private CompletionStage<Boolean> undo(
            ClientRequest request, String reference, String id, Map<String, String> before) {
        String was = before.get(reference);
        if (id.equals(was)) {
            return CompletableFuture.completedFuture(true);
        }
        if (was != null) {
            return ImageApi.tag(request, was, reference).thenApply(EngineResponse::ok);
        }
        return ImageApi.inspect(request, reference).thenCompose(image -> {
            boolean ours = image.filter(
                            now -> ApiJson.text(now, "Id").equals(id) && !isHosts(reference, id, now, before))
                    .isPresent();
            if (ours) {
                return remove(request, reference);
            }
            gateway.children().forget(child(reference));
            return CompletableFuture.completedFuture(true);
        });
    }

    /**
     * Whether the name holds up what is the host's. With the last tag of a repository the engine takes an image's digests in it,
     * too, one of which the host may have pulled; and as long as the host has a tag, it has the digest.
     */
    private static boolean isHosts(String reference, String id, JsonNode image, Map<String, String> before) {
        String repository = ImageReference.nameAsWritten(reference);
        if (!reference.contains("@")) {
            return before.entrySet().stream()
                    .anyMatch(name -> name.getKey().startsWith(repository + "@")
                            && name.getValue().equals(id));
        }
        for (JsonNode tag : image.path("RepoTags")) {
            // With containerd's images, digests stand here, too, and none hangs on a tag.
            if (!tag.asText("").contains("@")
                    && ImageReference.nameAsWritten(tag.asText("")).equals(repository)) {
                return true;
            }
        }
        return false;
    }

    private CompletionStage<Boolean> remove(ClientRequest request, String reference) {
        return ImageApi.remove(request, reference).thenApply(response -> {
            if (response.ok() || response.status() == 404) {
                gateway.children().forget(child(reference));
            }
            return response.ok();
        });
    }

    private static Child child(String reference) {
        return new Child(Child.Kind.IMAGE, reference);
    }
}
