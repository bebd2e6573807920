package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.engine.ImageReference;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Finds the image that a client means, and says what the engine calls it. */
public final class ImageLookup {
    private static final Pattern ID_LIKE = Pattern.compile("(sha256:)?[0-9a-f]{1,64}");
    private static final Pattern ENGINE_SIDE = Pattern.compile("dw-[0-9a-f]{8}-.*|dw-lifeline[:@].*");

    private final GatewayContext gateway;
    private final ImageRewriter rewriter;

    public ImageLookup(GatewayContext gateway, ImageRewriter rewriter) {
        this.gateway = gateway;
        this.rewriter = rewriter;
    }

    /** What to call the image on the engine. An id of another session's image fails with the daemon's 404, as do its names. */
    public CompletionStage<String> engineReference(ClientRequest request, String reference) {
        if (gateway.images().isOwn(reference)) {
            return CompletableFuture.completedFuture(gateway.images().toEngine(reference));
        }
        if (isEngineSide(reference)) {
            return CompletableFuture.completedFuture(unknown(reference));
        }
        boolean byContent =
                ID_LIKE.matcher(reference).matches() || !gateway.visible().all() && reference.contains("@");
        if (byContent) {
            return inspect(request, reference).thenApply(image -> reference);
        }
        return CompletableFuture.completedFuture(gateway.visible().allows(reference) ? reference : unknown(reference));
    }

    /** A name that no engine knows, so that the answer, its status and its words are the engine's own. */
    private String unknown(String reference) {
        return gateway.images().claim(reference);
    }

    /** For requests in which a name without a tag means all tags that there are. */
    CompletionStage<String> engineReferencePinned(ClientRequest request, String reference) {
        return engineReference(request, gateway.visible().pinned(reference));
    }

    /** What to filter containers by; for another session's name one that no image has. */
    public String filterToken(String reference) {
        boolean foreign = !gateway.images().isOwn(reference) && isEngineSide(reference);
        return foreign
                ? gateway.images().engineReference("none:none")
                : gateway.images().toEngine(reference);
    }

    private static boolean isEngineSide(String reference) {
        return ENGINE_SIDE
                .matcher(ImageReference.of(reference).withDefaultTag().familiar())
                .matches();
    }

    /** The image as the engine shows it, if the session may see it. */
    CompletionStage<ObjectNode> inspect(ClientRequest request, String reference) {
        if (!gateway.images().isOwn(reference) && isEngineSide(reference)) {
            throw noSuchImage(reference);
        }
        boolean byContent = ID_LIKE.matcher(reference).matches() || reference.contains("@");
        if (!byContent
                && !gateway.images().isOwn(reference)
                && !gateway.visible().allows(reference)) {
            throw noSuchImage(reference);
        }
        String asked = gateway.images().toEngine(reference);
        return request.ask(HttpMethod.GET, "/images/" + PercentEncoding.encodePath(asked) + "/json")
                .thenApply(response -> {
                    if (response.status() == 404) {
                        throw noSuchImage(reference);
                    }
                    ObjectNode image = response.orThrow().object();
                    if (rewriter.image(image.deepCopy()).isEmpty()) {
                        throw noSuchImage(reference);
                    }
                    return image;
                });
    }

    public static ApiException noSuchImage(String reference) {
        boolean id = ID_LIKE.matcher(reference).matches();
        return ApiException.notFound("No such image: "
                + (id
                        ? reference
                        : ImageReference.of(reference).withDefaultTag().familiar()));
    }
}
