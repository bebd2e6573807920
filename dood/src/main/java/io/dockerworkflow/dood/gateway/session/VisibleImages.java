package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.internal.engine.ImageReference;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which images the session sees beside those that it has tagged. Safe for use by several threads. */
public final class VisibleImages {
    private static final Pattern ID = Pattern.compile("sha256:.*|[0-9a-f]{12,64}");

    private final Optional<List<Pattern>> hosts;

    /** What the session brought to the engine, or had fetched, without a tag: ids, and references by digest. */
    private final Set<String> adopted = ConcurrentHashMap.newKeySet();

    /**
     * A view.
     *
     * @param hosts patterns of the host's images, for references as the daemon shows them; empty for all
     */
    public VisibleImages(Optional<List<Pattern>> hosts) {
        this.hosts = hosts;
    }

    /** Whether the session sees all that the host has. */
    public boolean all() {
        return hosts.isEmpty();
    }

    /** Whether it sees the host's image of that name. An id is no name. */
    public boolean allows(String reference) {
        if (hosts.isEmpty() || adopted.contains(reference)) {
            return true;
        }
        ImageReference image = ImageReference.of(reference);
        String name = image.digest().isPresent()
                ? new ImageReference(image.registry(), image.path(), image.tag(), Optional.empty()).familiar()
                : image.withDefaultTag().familiar();
        return !ID.matcher(reference).matches()
                && hosts.orElseThrow().stream()
                        .anyMatch(pattern -> pattern.matcher(name).matches());
    }

    /** With the default tag unless all tags of the repository are seen: for requests in which no tag means all of them. */
    public String pinned(String reference) {
        boolean allTags = hosts.isEmpty()
                || hosts.orElseThrow().stream()
                        .anyMatch(pattern -> pattern.matcher(
                                        ImageReference.of(reference).familiar())
                                .matches());
        return allTags
                ? reference
                : ImageReference.of(reference).withDefaultTag().familiar();
    }

    /** An image without a tag is the session's own. */
    public void adopt(String idOrDigest) {
        adopted.add(idOrDigest);
    }

    public boolean isAdopted(String idOrDigest) {
        return adopted.contains(idOrDigest);
    }

    /** The references that the session may read; empty for all. */
    public Optional<List<Pattern>> patterns() {
        return hosts.map(all -> Stream.concat(
                        all.stream(), adopted.stream().map(text -> Pattern.compile(Pattern.quote(text))))
                .toList());
    }
}
