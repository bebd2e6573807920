package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The engine's images, whosever they are, by the engine's own names. */
final class EngineImages {
    private EngineImages() {}

    /** The image of that name, if there is one. */
    static CompletionStage<Optional<ObjectNode>> inspect(Call call, String reference) {
        return find(call, reference).thenApply(answer -> answer.ok() ? Optional.of(answer.object()) : Optional.empty());
    }

    /** Asks for the image of that name. */
    static CompletionStage<EngineAnswer> find(Call call, String reference) {
        return call.ask(HttpMethod.GET, path(reference) + "/json");
    }

    /** The id of the image of that name, if there is one. */
    static CompletionStage<Optional<String>> idOf(Call call, String reference) {
        return inspect(call, reference).thenApply(image -> image.map(found -> Json.text(found, "Id")));
    }

    /**
     * What there is before something adds to it.
     *
     * @param names ids by tag and by digest
     * @param ids of all images, also of those that have no name
     */
    record Listing(Map<String, String> names, Set<String> ids) {
        /** Whether there is an image of that id, and nobody has a name for it. */
        boolean isNameless(String id) {
            return ids.contains(id) && !names.containsValue(id);
        }

        private static Listing of(JsonNode images) {
            Map<String, String> names = new HashMap<>();
            Set<String> ids = new HashSet<>();
            for (JsonNode image : images) {
                String id = Json.text(image, "Id");
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
    static CompletionStage<Listing> all(Call call) {
        return call.ask(HttpMethod.GET, "/images/json", new Query().set("all", "1"))
                .thenApply(answer -> Listing.of(answer.orThrow().json()));
    }

    /** Ids by all names that there are. The engine is not asked for the steps of builds, of which there may be many. */
    static CompletionStage<Map<String, String>> names(Call call) {
        return call.ask(HttpMethod.GET, "/images/json")
                .thenApply(answer -> Listing.of(answer.orThrow().json()).names());
    }

    static CompletionStage<EngineAnswer> tag(Call call, String image, String reference) {
        String repository = ImageNames.repository(reference);
        Query query = new Query().set("repo", repository).set("tag", reference.substring(repository.length() + 1));
        return call.ask(HttpMethod.POST, path(image) + "/tag", query);
    }

    /** Takes a name away, and with the last one the image. */
    static CompletionStage<EngineAnswer> remove(Call call, String reference) {
        return call.ask(HttpMethod.DELETE, path(reference));
    }

    static String path(String reference) {
        return "/images/" + Percent.encodePath(reference);
    }
}
