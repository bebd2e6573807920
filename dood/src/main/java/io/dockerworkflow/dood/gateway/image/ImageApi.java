package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.internal.engine.ImageReference;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The engine's images, whosever they are, by the engine's own names. */
public final class ImageApi {
    private ImageApi() {}

    /** The image of that name, if there is one. */
    static CompletionStage<Optional<ObjectNode>> inspect(ClientRequest request, String reference) {
        return find(request, reference)
                .thenApply(response -> response.ok() ? Optional.of(response.object()) : Optional.empty());
    }

    /** Asks for the image of that name. */
    public static CompletionStage<EngineResponse> find(ClientRequest request, String reference) {
        return request.ask(HttpMethod.GET, path(reference) + "/json");
    }

    /** The id of the image of that name, if there is one. */
    public static CompletionStage<Optional<String>> idOf(ClientRequest request, String reference) {
        return inspect(request, reference).thenApply(image -> image.map(found -> ApiJson.text(found, "Id")));
    }

    /**
     * What there is before something adds to it.
     *
     * @param names ids by tag and by digest
     * @param ids of all images, also of those that have no name
     */
    public record Listing(Map<String, String> names, Set<String> ids) {
        /** Whether there is an image of that id, and nobody has a name for it. */
        boolean isNameless(String id) {
            return ids.contains(id) && !names.containsValue(id);
        }

        private static Listing of(JsonNode images) {
            Map<String, String> names = new HashMap<>();
            Set<String> ids = new HashSet<>();
            for (JsonNode image : images) {
                String id = ApiJson.text(image, "Id");
                ids.add(id);
                for (String field : new String[] {"RepoTags", "RepoDigests"}) {
                    image.path(field).forEach(name -> names.put(name.asText(""), id));
                }
            }
            names.keySet().removeIf(name -> name.startsWith("<none>"));
            return new Listing(names, ids);
        }
    }

    /** All images that there are. */
    public static CompletionStage<Listing> all(ClientRequest request) {
        return request.ask(HttpMethod.GET, "/images/json", new Query().set("all", "1"))
                .thenApply(response -> Listing.of(response.orThrow().json()));
    }

    /** Ids by all names that there are. The engine is not asked for the steps of builds, of which there may be many. */
    static CompletionStage<Map<String, String>> names(ClientRequest request) {
        return request.ask(HttpMethod.GET, "/images/json")
                .thenApply(response -> Listing.of(response.orThrow().json()).names());
    }

    public static CompletionStage<EngineResponse> tag(ClientRequest request, String image, String reference) {
        String repository = ImageReference.nameAsWritten(reference);
        Query query = new Query().set("repo", repository).set("tag", reference.substring(repository.length() + 1));
        return request.ask(HttpMethod.POST, path(image) + "/tag", query);
    }

    /** Takes a name away, and with the last one the image. */
    public static CompletionStage<EngineResponse> remove(ClientRequest request, String reference) {
        return request.ask(HttpMethod.DELETE, path(reference));
    }

    static String path(String reference) {
        return "/images/" + PercentEncoding.encodePath(reference);
    }
}
