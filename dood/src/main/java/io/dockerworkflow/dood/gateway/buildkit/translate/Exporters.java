package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.policy.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Translates what is to become of a build's result. */
final class Exporters {
    /**
     * Writes to the engine's own image store, and leaves the push, if one is wanted, to the client: that reads the option in its own
     * request, and uses the engine's API when the image is there (buildx 0.29).
     */
    private static final String MOBY = "moby";

    /** They write to the engine's images. */
    private static final Set<String> TO_ENGINE = Set.of(MOBY, "image");

    /** They send the result to the client; names in it are the client's. */
    private static final Set<String> TO_CLIENT = Set.of("docker", "oci", "local", "tar", "cacheonly");

    private static final Set<String> HARMLESS = Set.of(
            "unpack",
            "oci-mediatypes",
            "oci-artifact",
            "compression",
            "compression-level",
            "force-compression",
            "buildinfo",
            "buildinfo-attrs",
            "attestation-inline",
            "force-inline-attestations",
            "source-date-epoch",
            "rewrite-timestamp",
            "prefer-nondist-layers",
            "store");

    private final BuildSettings settings;
    private final Set<String> named = new LinkedHashSet<>();
    private final List<Exporter> pushes = new ArrayList<>();

    /** What is to become of the result, and how. */
    record Exporter(String type, Map<String, String> attributes) {}

    Exporters(BuildSettings settings) {
        this.settings = settings;
    }

    /** The names that the build gives, in full. */
    Set<String> named() {
        return named;
    }

    Map<String, String> toEngine(String type, Map<String, String> attributes) {
        if (TO_CLIENT.contains(type) || type.isEmpty() && attributes.isEmpty()) {
            return attributes;
        }
        if (!TO_ENGINE.contains(type)) {
            throw GrpcRefusal.unsupported("the exporter " + type, "it is not known what it does");
        }
        Map<String, String> result = new LinkedHashMap<>();
        attributes.forEach((name, value) -> result.put(name, attribute(name, value)));
        if (isTrue(attributes, "push")) {
            if (settings.enginePushes().getAsBoolean()) {
                pushes.add(push(type, attributes));
            } else if (!type.equals(MOBY)) {
                throw cannotPush();
            }
            result.put("push", "false");
        }
        return result;
    }

    /**
     * What else the engine is to do, behind all that the client asked for: those are known by their place. An engine that pushes by
     * itself pushes under the name that it gives the image, so one exporter gives the session's name, and another, which keeps
     * nothing on the engine, pushes under the client's (shown with 28.5.2).
     */
    List<Exporter> pushes() {
        return pushes;
    }

    private Exporter push(String type, Map<String, String> attributes) {
        if (!settings.severalExporters()) {
            throw cannotPush();
        }
        Map<String, String> push = new LinkedHashMap<>(attributes);
        push.put("store", "false");
        return new Exporter(type, push);
    }

    private static GrpcRefusal cannotPush() {
        return GrpcRefusal.unsupported(
                "the output option push",
                "the engine would push its own name for the image; build first, then use docker push");
    }

    private static boolean isTrue(Map<String, String> attributes, String name) {
        return !attributes.getOrDefault(name, "false").equals("false");
    }

    private String attribute(String name, String value) {
        switch (name) {
            case "name" -> {
                return Arrays.stream(value.split(","))
                        .map(String::strip)
                        .filter(reference -> !reference.isEmpty())
                        .map(this::name)
                        .collect(Collectors.joining(","));
            }
            case "push" -> {
                return value;
            }
            case "push-by-digest" -> {
                if (!value.equals("false")) {
                    throw GrpcRefusal.unsupported(
                            "the output option " + name,
                            "an image that is pushed has a name; tag it, then use docker push");
                }
            }
            default -> {
                if (!HARMLESS.contains(name) && !name.startsWith("annotation")) {
                    settings.require(Rule.UNKNOWN_FIELDS, "the output option " + name, "");
                }
            }
        }
        return value;
    }

    private String name(String reference) {
        String full = BuildReferences.full(reference);
        if (full.contains("@")) {
            throw new GrpcRefusal(GrpcStatus.INVALID_ARGUMENT, "invalid tag \"" + reference + "\": a digest is no tag");
        }
        named.add(full);
        return BuildReferences.inFormOf(reference, settings.images().engineReference(full));
    }
}
