package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import io.dockerworkflow.dood.policy.Rule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates the attributes of a frontend: the options of a build. */
public final class FrontendAttributes {
    static final int META_CGROUP_PARENT = 10;

    private static final String LABEL = "label:";
    private static final String CACHE_NAMESPACE = "build-arg:BUILDKIT_CACHE_MOUNT_NS";
    private static final String DOCKER_IMAGE = "docker-image://";

    private static final Set<String> HARMLESS = Set.of(
            "filename",
            "target",
            "no-cache",
            "platform",
            "image-resolve-mode",
            "multi-platform",
            "hostname",
            "add-hosts",
            "shm-size",
            "ulimit",
            "dockerfilekey",
            "contextkey",
            "contextsubdir",
            "cmdline",
            "frontend.caps",
            "requestid",
            "source-date-epoch",
            "build-source-date-epoch",
            "lint",
            "sbom");

    private static final Set<String> HARMLESS_PREFIXES = Set.of(
            "build-arg:",
            "input:",
            "input-metadata:",
            "local-sessionid:",
            "localdir:",
            "attest:",
            "vcs:",
            "addon:",
            "automount:");

    private final BuildSettings settings;
    private final SourceImages sources;

    public FrontendAttributes(BuildSettings settings) {
        this.settings = settings;
        this.sources = new SourceImages(settings.images());
    }

    /**
     * The attributes for the engine.
     *
     * @param builds whether a frontend is run with them: only then is something added
     */
    Map<String, String> toEngine(Map<String, String> attributes, boolean builds) {
        Map<String, String> result = new LinkedHashMap<>();
        attributes.forEach((name, value) -> translate(name, value).ifPresent(changed -> result.put(name, changed)));
        if (!builds) {
            return result;
        }
        settings.labels().forEach((name, value) -> result.put(LABEL + name, value));
        settings.cgroupParent().ifPresent(parent -> result.put("cgroup-parent", parent));
        if (settings.isolatedCache()) {
            // BuildKit has no scopes of cache. "no-cache" ignores all results there are, and what runs at the same time
            // elsewhere is kept apart by a difference in every step.
            result.put("no-cache", "");
            result.merge("add-hosts", settings.isolationHost() + "=127.0.0.1", (theirs, ours) -> theirs + "," + ours);
            result.put(CACHE_NAMESPACE, cacheNamespace(attributes.get(CACHE_NAMESPACE)));
        }
        return result;
    }

    /** The arguments of a build, where they are all that the engine is told. */
    public Map<String, String> arguments(Map<String, String> given) {
        Map<String, String> result = new LinkedHashMap<>(given);
        result.computeIfPresent("BUILDKIT_SYNTAX", (name, value) -> image(value, name));
        if (settings.isolatedCache()) {
            result.put("BUILDKIT_CACHE_MOUNT_NS", cacheNamespace(given.get("BUILDKIT_CACHE_MOUNT_NS")));
        }
        return result;
    }

    private String cacheNamespace(@Nullable String given) {
        return settings.cacheNamespace() + (given == null ? "" : "/" + given);
    }

    private Optional<String> translate(String name, String value) {
        if (name.startsWith(LABEL)) {
            if (name.startsWith(settings.hiddenLabels(), LABEL.length())) {
                settings.require(Rule.RESERVED_LABELS, name, "");
            }
            return Optional.of(value);
        }
        switch (name) {
            case "force-network-mode" -> checkNetwork(value);
            case "cgroup-parent" -> checkCgroup(settings, value, "the build's attribute " + name);
            case "build-arg:BUILDKIT_SYNTAX", "source" -> {
                return Optional.of(image(value, name));
            }
            case "cache-from" -> {
                return cacheFrom(value);
            }
            case "cache-imports" -> {
                return settings.isolatedCache()
                        ? Optional.empty()
                        : Optional.of(new CacheImports(settings).json(value));
            }
            case "context" -> checkContext(value);
            default -> {
                if (name.startsWith("context:")) {
                    return Optional.of(
                            value.startsWith(DOCKER_IMAGE)
                                    ? DOCKER_IMAGE + image(value.substring(DOCKER_IMAGE.length()), name)
                                    : value);
                }
                if (!HARMLESS.contains(name) && HARMLESS_PREFIXES.stream().noneMatch(name::startsWith)) {
                    settings.require(Rule.UNKNOWN_FIELDS, "the build's attribute " + name, "");
                }
            }
        }
        return Optional.of(value);
    }

    private void checkNetwork(String mode) {
        boolean known = mode.isEmpty() || mode.equals("default") || mode.equals("none") || mode.equals("sandbox");
        if (mode.equals("host")) {
            settings.require(Rule.HOST_NAMESPACES, "the build's attribute force-network-mode", "net");
        } else if (!known) {
            throw GrpcRefusal.unsupported(
                    "the attribute force-network-mode=" + mode, "BuildKit knows none, host and default");
        }
    }

    static void checkCgroup(BuildSettings settings, String parent, String field) {
        // What a frontend made for this session comes back with the session's own.
        boolean ours = settings.cgroupParent().filter(parent::equals).isPresent();
        if (!parent.isEmpty() && !ours) {
            settings.require(Rule.CGROUP_PARENTS, field, parent);
        }
    }

    /** The {@code Meta} of a process, in the session's cgroup if it has one. */
    static ProtoMessage inCgroup(BuildSettings settings, ProtoMessage meta) {
        settings.cgroupParent().ifPresent(parent -> meta.set(META_CGROUP_PARENT, parent));
        return meta;
    }

    /** An engine that cannot be told which image is meant finds the Dockerfile of a remote context by itself. */
    private void checkContext(String value) {
        boolean remote = value.contains("://") || value.startsWith("git@");
        boolean session = value.startsWith("http://buildkit-session/");
        if (remote
                && !session
                && !settings.sourcePolicies()
                && !(settings.images().references().isEmpty()
                        && settings.images().hostReferences().isEmpty())) {
            throw GrpcRefusal.unsupported(
                    "a build of the remote context " + value,
                    "this engine, older than 24, could take another's image for one that the session has; "
                            + "clone the context and build it from its directory");
        }
    }

    private Optional<String> cacheFrom(String references) {
        if (settings.isolatedCache()) {
            return Optional.empty();
        }
        return Optional.of(String.join(
                ",",
                java.util.Arrays.stream(references.split(",", -1))
                        .filter(reference -> !sources.isHidden(reference))
                        .map(reference -> image(reference, "cache-from"))
                        .toList()));
    }

    /** The engine's reference for an image that is read: the session's own, if it has one of that name. */
    private String image(String reference, String field) {
        return sources.toEngine(reference, "the attribute " + field);
    }
}
