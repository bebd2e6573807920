package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.internal.children.SessionNames;
import io.dockerworkflow.internal.engine.ImageReference;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The names of the session's own images: tags, and digests of what it has pulled or pushed. On the engine each is a tag below a
 * repository of the session's, so that two sessions which build the same tag get each their own image. Safe for use by several
 * threads.
 */
public final class ImageNames {
    private static final String DEFAULT_TAG = ":latest";

    private final String root;
    private final String tags;
    private final AtomicLong revision = new AtomicLong();
    private final Map<String, String> engineRefs = new LinkedHashMap<>();
    private final Map<String, String> logicalRefs = new LinkedHashMap<>();
    private final Map<String, Instant> since = new HashMap<>();

    public ImageNames(SessionNames names) {
        root = names.imagePrefix();
        tags = names.imageTags();
    }

    /** What engine references of the session begin with. */
    public String root() {
        return root;
    }

    /** The reference by which the engine knows what the client means: the session's own tag if it has one, else the host's. */
    public synchronized String toEngine(String reference) {
        return Optional.ofNullable(engineRefs.get(key(reference))).orElse(reference);
    }

    public synchronized boolean isOwn(String reference) {
        return engineRefs.containsKey(key(reference));
    }

    /** Becomes another with each change of what {@link #toLogical} says. */
    public long revision() {
        return revision.get();
    }

    /** The client's reference for one of the engine's; the same if it is not a session's own. */
    public synchronized String toLogical(String engineReference) {
        String tagged = logicalRefs.get(engineReference + DEFAULT_TAG);
        return tagged != null
                ? withoutDefaultTag(tagged)
                : Optional.ofNullable(logicalRefs.get(engineReference)).orElse(engineReference);
    }

    /** A container shows its image as its creator wrote it: without a tag, if it was written without. */
    public String asWritten(String reference, String engineReference) {
        return ImageReference.of(reference).isPinned() || !engineReference.startsWith(root)
                ? engineReference
                : withoutDefaultTag(engineReference);
    }

    private static String withoutDefaultTag(String reference) {
        return reference.endsWith(DEFAULT_TAG)
                ? reference.substring(0, reference.length() - DEFAULT_TAG.length())
                : reference;
    }

    /** The engine reference that a tag of the session has, or would have. */
    public String engineReference(String reference) {
        return tags + path(key(reference));
    }

    /**
     * The engine reference for a tag that the session is about to make. The tag is the session's own once it is
     * {@linkplain #confirm confirmed}.
     *
     * @throws ApiException if the reference is malformed
     */
    public synchronized String claim(String reference) {
        String logical = key(reference);
        requireValid(reference, logical);
        String engine = tags + path(logical);
        logicalRefs.put(engine, logical);
        revision.incrementAndGet();
        return engine;
    }

    /** The tag is there: from now on the name means the session's image. */
    public synchronized void confirm(String engineReference) {
        String logical = logicalRefs.get(engineReference);
        if (logical != null) {
            engineRefs.put(logical, engineReference);
            since.putIfAbsent(engineReference, Instant.now());
        }
    }

    /** The tag is gone: from now on the name means the host's image again. */
    public synchronized void forget(String engineReference) {
        String logical = logicalRefs.get(engineReference);
        if (logical != null) {
            engineRefs.remove(logical, engineReference);
            since.remove(engineReference);
        }
    }

    public synchronized boolean isConfirmed(String engineReference) {
        return engineRefs.containsValue(engineReference);
    }

    /** Logical reference to engine reference, of all tags of the session. */
    public synchronized Map<String, String> all() {
        return Map.copyOf(engineRefs);
    }

    /** Since when a tag is the session's; empty if it is not. */
    synchronized Optional<Instant> since(String engineReference) {
        return Optional.ofNullable(since.get(engineReference));
    }

    /** The daemon's rules for a tag, checked before escaping would make a bad reference a good one. */
    private static void requireValid(String reference, String logical) {
        if (!ImageReference.of(logical).isWellFormed()) {
            boolean capitals =
                    ImageReference.of(logical.toLowerCase(Locale.ROOT)).isWellFormed();
            throw ApiException.badRequest(
                    capitals
                            ? "invalid reference format: repository name (" + ImageReference.nameAsWritten(reference)
                                    + ") must be lowercase"
                            : "invalid reference format");
        }
    }

    /** As the session's names are kept: familiar, and with a digest or a tag, since a digest goes before a tag. */
    static String key(String reference) {
        return ImageReference.of(reference)
                .withDefaultTag()
                .withoutNeedlessTag()
                .familiar();
    }

    /** A path of its own for each reference: what a path cannot hold, the registry's port and the like, is spelled out. */
    static String path(String logical) {
        String path = ImageReference.nameAsWritten(logical);
        String rest = logical.substring(path.length());
        String safe = path.toLowerCase(Locale.ROOT).replace(":", SessionNames.imagePort());
        String distinct = safe.equals(path) ? "" : "--" + Integer.toHexString(path.hashCode());
        return safe + distinct + (rest.startsWith("@") ? ":" + rest.substring(1).replace(':', '-') : rest);
    }
}
