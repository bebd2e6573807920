package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.internal.children.SessionNames;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the session's own images: tags, and digests of what it has pulled or pushed. On the engine each is a tag below a
 * repository of the session's, so that two sessions which build the same tag get each their own image. Safe for use by several
 * threads.
 */
public final class ImageNames {
    private static final Pattern VALID = Pattern.compile("(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?"
            + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
            + ":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    private static final Pattern DIGEST = Pattern.compile("@sha256:[0-9a-f]{64}");
    private static final String DEFAULT_TAG = ":latest";
    private static final String STEP = ".step";

    private final String root;
    private final String tags;
    private final String holds;
    private final String pushMarks;
    private final Pattern mine;
    private final AtomicLong builds = new AtomicLong();
    private final AtomicLong revision = new AtomicLong();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Map<String, String> engineRefs = new LinkedHashMap<>();
    private final Map<String, String> logicalRefs = new LinkedHashMap<>();
    private final Map<String, Instant> since = new HashMap<>();

    public ImageNames(SessionNames names) {
        root = names.imagePrefix();
        tags = names.imageTags();
        holds = root + ":";
        pushMarks = root + "/push/";
        mine = Pattern.compile(Pattern.quote(root) + "[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?");
    }

    /** What engine references of the session begin with. */
    public String root() {
        return root;
    }

    /** The tag by which the session holds an image that may have no name. */
    public String hold(String id) {
        return holds + id.substring(id.indexOf(':') + 1);
    }

    /** The tag by which the session holds an image that is on the way to another. */
    public String stepHold(String id) {
        return hold(id) + STEP;
    }

    public boolean isStepLease(String engineReference) {
        return isLease(engineReference) && engineReference.endsWith(STEP);
    }

    /** The number of a build. */
    public long newBuild() {
        return builds.incrementAndGet();
    }

    /** The tag by which the session holds the result of a build, whose id nobody knows before. */
    public String resultHold(long build) {
        return holds + "build-" + build;
    }

    public boolean isLease(String engineReference) {
        return engineReference.startsWith(holds);
    }

    /** Whether that hold of a build's result makes it needless: it does not end with a build, and that one does not yield to this. */
    public boolean isLeaseBefore(String engineReference, String resultHold) {
        String results = holds + "build-";
        boolean lasts = isLease(engineReference) && engineReference.indexOf('.', holds.length()) < 0;
        // Of two builds that end at once with the same image, one must let the other's be.
        return lasts && (!engineReference.startsWith(results) || engineReference.compareTo(resultHold) < 0);
    }

    /** The session holds that image. */
    public void held(String id) {
        held.add(id);
    }

    /** Whether the session holds, or held, the image of that whole id. */
    public boolean isLeased(String id) {
        return held.contains(id);
    }

    /** The tag by which a session tells others that it pushes by that reference; the same for all behind {@link #root}. */
    public String pushMark(String reference) {
        return pushMarks + escape(key(reference));
    }

    public boolean isPushMark(String engineReference) {
        return engineReference.startsWith(pushMarks);
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
        boolean tagged = reference.contains("@") || reference.indexOf(':', reference.lastIndexOf('/') + 1) >= 0;
        return tagged || !engineReference.startsWith(root) ? engineReference : withoutDefaultTag(engineReference);
    }

    private static String withoutDefaultTag(String reference) {
        return reference.endsWith(DEFAULT_TAG)
                ? reference.substring(0, reference.length() - DEFAULT_TAG.length())
                : reference;
    }

    /** The engine reference that a tag of the session has, or would have. */
    public String engineReference(String reference) {
        return tags + escape(key(reference));
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
        String engine = tags + escape(logical);
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
        String tagged = DIGEST.matcher(logical).replaceFirst(DEFAULT_TAG);
        if (!VALID.matcher(tagged).matches()) {
            boolean capitals = VALID.matcher(tagged.toLowerCase(Locale.ROOT)).matches();
            throw ApiException.badRequest(
                    capitals
                            ? "invalid reference format: repository name (" + repository(reference)
                                    + ") must be lowercase"
                            : "invalid reference format");
        }
    }

    /** A reference without its tag and digest. */
    public static String repository(String reference) {
        int digest = reference.indexOf('@');
        String name = digest < 0 ? reference : reference.substring(0, digest);
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return colon < 0 ? name : name.substring(0, colon);
    }

    /** As the session's names are kept: familiar, and with a digest or a tag, since a digest goes before a tag. */
    private static String key(String reference) {
        String familiar = familiar(reference);
        int digest = familiar.indexOf('@');
        return digest < 0 ? familiar : repository(familiar) + familiar.substring(digest);
    }

    /** Puts logical references into a text. */
    String logicalText(String text) {
        if (!text.contains(root)) {
            return text;
        }
        Matcher matcher = mine.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(inText(found.group())));
    }

    private String inText(String found) {
        // A sentence may end behind the reference.
        int end = found.length();
        while (end > 0 && (found.charAt(end - 1) == '.' || found.charAt(end - 1) == ':')) {
            end--;
        }
        return toLogical(found.substring(0, end)) + found.substring(end);
    }

    /** The form in which the daemon shows a reference: without the default registry, with a tag. */
    public static String familiar(String reference) {
        String name = reference;
        for (String standard : new String[] {"docker.io/", "index.docker.io/"}) {
            if (name.startsWith(standard)) {
                name = name.substring(standard.length());
            }
        }
        if (name.startsWith("library/") && name.indexOf('/', "library/".length()) < 0) {
            name = name.substring("library/".length());
        }
        boolean tagged = name.indexOf(':', name.lastIndexOf('/') + 1) >= 0;
        return tagged || name.contains("@") ? name : name + DEFAULT_TAG;
    }

    /** A path of its own for each reference: what a path cannot hold, the registry's port and the like, is spelled out. */
    private static String escape(String logical) {
        String path = repository(logical);
        String rest = logical.substring(path.length());
        String safe = path.toLowerCase(Locale.ROOT).replace(":", SessionNames.imagePort());
        String distinct = safe.equals(path) ? "" : "--" + Integer.toHexString(path.hashCode());
        return safe + distinct + (rest.startsWith("@") ? ":" + rest.substring(1).replace(':', '-') : rest);
    }
}
