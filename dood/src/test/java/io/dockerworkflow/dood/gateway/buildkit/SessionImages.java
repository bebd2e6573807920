package io.dockerworkflow.dood.gateway.buildkit;

import io.dockerworkflow.dood.gateway.buildkit.translate.BuildImages;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The images of a session, for tests: what was named is there, below a repository of the session's. */
public final class SessionImages implements BuildImages {
    public final Map<String, String> references = new ConcurrentHashMap<>();
    private final String root;
    private Optional<List<Pattern>> hosts = Optional.empty();

    public SessionImages(String session) {
        root = "docker.io/dw-" + session + "/";
    }

    /** From now on the session sees only these of the host's images. */
    public SessionImages seeing(String... patterns) {
        hosts = Optional.of(Stream.of(patterns).map(Pattern::compile).toList());
        return this;
    }

    @Override
    public String engineReference(String logical) {
        return root + logical.substring(logical.lastIndexOf('/') + 1);
    }

    @Override
    public Optional<String> logicalReference(String engine) {
        return engine.startsWith(root)
                ? Optional.of("docker.io/library/" + engine.substring(root.length()))
                : Optional.empty();
    }

    @Override
    public Map<String, String> references() {
        return Map.copyOf(references);
    }

    @Override
    public Optional<List<Pattern>> hostReferences() {
        return hosts;
    }

    @Override
    public Pattern sessionReferences() {
        return Pattern.compile("docker\\.io/dw-[0-9a-f]{8}/.*");
    }

    @Override
    public Naming naming(Collection<String> logical) {
        return new Naming() {
            @Override
            public void given() {
                logical.forEach(each -> references.put(each, engineReference(each)));
            }

            @Override
            public void finish() {
                // nothing to undo
            }
        };
    }
}
