package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.SessionInfo.ChildInfo;
import io.dockerworkflow.internal.json.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Describes a child from the object that the engine lists for it. */
final class ChildDescription {
    private ChildDescription() {}

    /** The name on the engine; an image's id, because its names are its owners'. */
    static String engineName(Kind kind, Json object) {
        String id = id(kind, object);
        return switch (kind) {
            case CONTAINER -> ApiObjects.containerName(object).orElse(id);
            case NETWORK, VOLUME -> object.text("Name");
            case IMAGE -> id;
        };
    }

    /** The session's name for an image, one that its client gave if there is one. */
    static String imageName(Json image, SessionImageName imageName) {
        return image.at("RepoTags").elements().stream()
                .flatMap(tag -> tag.text().stream())
                .filter(tag -> tag.startsWith(imageName.prefix()))
                .max(Comparator.<String, Boolean>comparing(tag -> tag.startsWith(imageName.tags()))
                        .thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    /** A network may have its labels from the one that it has its configuration from, but keeps the name that it was made with. */
    static Optional<String> logicalName(Kind kind, String engineName, Map<String, String> labels) {
        if (kind != Kind.NETWORK) {
            return Optional.ofNullable(labels.get(Labels.NAME));
        }
        String prefix = prefix(labels.getOrDefault(Labels.SESSION, ""));
        return engineName.startsWith(prefix) ? Optional.of(engineName.substring(prefix.length())) : Optional.empty();
    }

    static String prefix(String session) {
        return "dw-" + session + "-";
    }

    static ChildInfo of(Kind kind, String name, Optional<String> logicalName, Json object) {
        List<String> ports = object.at("Ports").elements().stream()
                .map(ChildDescription::port)
                .distinct()
                .toList();
        return new ChildInfo(
                new Child(kind, name), id(kind, object), logicalName, created(object), object.text("State"), ports);
    }

    private static String id(Kind kind, Json object) {
        return object.text(kind == Kind.VOLUME ? "Name" : "Id");
    }

    private static String port(Json port) {
        String inside = port.number("PrivatePort") + "/" + port.text("Type");
        long outside = port.number("PublicPort");
        return outside == 0 ? inside : outside + "->" + inside;
    }

    private static Instant created(Json object) {
        if (object.number("Created") > 0) {
            return Instant.ofEpochSecond(object.number("Created"));
        }
        String text = object.at("CreatedAt").text().orElse(object.text("Created"));
        return time(text);
    }

    /** The beginning of all time where the engine says none. */
    static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
