package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.stream.TarRewriter.Editor;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes the tags in an archive of images, in each of the three files that hold them. */
final class ImageArchive {
    private static final String NAME = "io.containerd.image.name";
    private static final String REF = "org.opencontainers.image.ref.name";

    private final UnaryOperator<String> rename;

    /**
     * A change.
     *
     * @param rename from one reference, with its tag, to the other
     */
    ImageArchive(UnaryOperator<String> rename) {
        this.rename = rename;
    }

    /** What changes the file of that path. */
    Optional<Editor> editor(String path) {
        return switch (path) {
            case "manifest.json" -> Optional.of(Editor.of(this::manifest));
            case "repositories" -> Optional.of(Editor.of(this::repositories));
            case "index.json" -> Optional.of(Editor.of(this::index));
            default -> Optional.empty();
        };
    }

    private byte[] manifest(byte[] content) {
        JsonNode images = ApiJson.parse(content);
        for (JsonNode image : images) {
            if (image.get("RepoTags") instanceof ArrayNode tags) {
                TextFields.texts(tags, rename);
            }
        }
        return ApiJson.bytes(images);
    }

    /** {@code {"NAME": {"TAG": "ID"}}}. */
    private byte[] repositories(byte[] content) {
        JsonNode before = ApiJson.parse(content);
        ObjectNode after = ApiJson.object();
        for (String repository : ApiJson.names(before)) {
            JsonNode tags = before.get(repository);
            for (String tag : ApiJson.names(tags)) {
                String renamed = rename.apply(repository + ":" + tag);
                ApiJson.child(after, ImageReference.nameAsWritten(renamed))
                        .set(ImageReference.of(renamed).tag().orElseThrow(), tags.get(tag));
            }
        }
        return ApiJson.bytes(after);
    }

    private byte[] index(byte[] content) {
        JsonNode index = ApiJson.parse(content);
        for (JsonNode manifest : index.path("manifests")) {
            if (manifest.get("annotations") instanceof ObjectNode annotations && annotations.has(NAME)) {
                ImageReference named =
                        ImageReference.of(ApiJson.text(annotations, NAME)).withDefaultTag();
                ImageReference renamed = ImageReference.of(rename.apply(named.familiar()));
                annotations.put(NAME, renamed.canonical());
                annotations.put(REF, renamed.tag().or(renamed::digest).orElseThrow());
            }
        }
        return ApiJson.bytes(index);
    }
}
