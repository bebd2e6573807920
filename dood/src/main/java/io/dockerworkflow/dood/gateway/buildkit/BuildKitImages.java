package io.dockerworkflow.dood.gateway.buildkit;

import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.buildkit.translate.BuildImages;
import io.dockerworkflow.dood.gateway.session.ChildRegistry;
import io.dockerworkflow.dood.gateway.session.ImageNames;
import io.dockerworkflow.dood.gateway.session.VisibleImages;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The session's images for BuildKit, which knows references in full only. Safe for use by several threads. */
final class BuildKitImages implements BuildImages {
    private static final String REGISTRY = "docker.io/";
    private static final Pattern OF_SESSIONS = Pattern.compile("docker\\.io/dw-[0-9a-f]{8}-images/.*");

    private final ImageNames images;
    private final VisibleImages visible;
    private final ChildRegistry children;

    /** What builds that run will name, by the engine's reference: it is in what they say before it is in the index. */
    private final Map<String, String> coming = new ConcurrentHashMap<>();

    BuildKitImages(ImageNames images, VisibleImages visible, ChildRegistry children) {
        this.images = images;
        this.visible = visible;
        this.children = children;
    }

    @Override
    public String engineReference(String logical) {
        return REGISTRY + images.engineReference(logical);
    }

    @Override
    public Optional<String> logicalReference(String engine) {
        if (!engine.startsWith(REGISTRY + images.root())) {
            return Optional.empty();
        }
        String known = coming.get(engine);
        if (known != null) {
            return Optional.of(known);
        }
        String familiar = engine.substring(REGISTRY.length());
        String logical = images.toLogical(familiar);
        return logical.equals(familiar)
                ? Optional.empty()
                : Optional.of(ImageReference.of(logical).canonical());
    }

    @Override
    public Map<String, String> references() {
        Map<String, String> references = new LinkedHashMap<>();
        images.all()
                .forEach((logical, engine) ->
                        references.put(ImageReference.of(logical).canonical(), REGISTRY + engine));
        return references;
    }

    @Override
    public Pattern sessionReferences() {
        return OF_SESSIONS;
    }

    @Override
    public Optional<List<Pattern>> hostReferences() {
        return visible.patterns()
                .map(all -> all.stream()
                        .map(pattern -> Pattern.compile(
                                "(?:docker\\.io/(?:library/)?)?" + pattern.pattern() + "(?:@sha256:[0-9a-f]+)?"))
                        .toList());
    }

    @Override
    public Naming naming(Collection<String> logical) {
        List<Tag> tags = logical.stream().map(Tag::new).toList();
        // The first one tells whether the session is ending; the others are of the same build.
        tags.forEach(Tag::begin);
        return new Naming() {
            @Override
            public void given() {
                tags.forEach(Tag::given);
            }

            @Override
            public void finish() {
                tags.forEach(Tag::end);
            }
        };
    }

    /** One name that a build is about to give. */
    private final class Tag {
        private final String logical;
        private final String engine;
        private final Child child;
        private ChildRegistry.Announcement announcement = NONE;

        Tag(String logical) {
            this.logical = logical;
            this.engine = engineReference(logical);
            this.child = new Child(Child.Kind.IMAGE, engine.substring(REGISTRY.length()));
        }

        void begin() {
            announcement = children.announce(child);
            children.trackUnlabelled(child);
            coming.put(engine, logical);
        }

        void given() {
            images.confirm(images.claim(logical));
            announcement.created();
        }

        /** What was not given stays tracked: an engine that lost its client may have given it all the same. */
        void end() {
            coming.remove(engine);
            announcement.end();
        }
    }

    private static final ChildRegistry.Announcement NONE = new ChildRegistry.Announcement() {
        @Override
        public void created() {
            // not announced
        }

        @Override
        public void end() {
            // not announced
        }
    };
}
