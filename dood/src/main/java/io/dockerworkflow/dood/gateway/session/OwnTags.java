package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.internal.children.SessionNames;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gateway's own tags, which clients do not see: leases, which keep a nameless image until the session ends, and the marks by
 * which sessions take turns at pushing. Safe for use by several threads.
 */
public final class OwnTags {
    private static final String STEP = ".step";

    private final String leases;
    private final String pushMarks;
    private final AtomicLong builds = new AtomicLong();
    private final Set<String> leased = ConcurrentHashMap.newKeySet();

    public OwnTags(SessionNames names) {
        leases = names.imagePrefix() + ":";
        pushMarks = names.imagePrefix() + "/push/";
    }

    /** The tag that keeps an image which may have no name. */
    public String lease(String id) {
        return leases + id.substring(id.indexOf(':') + 1);
    }

    /** The tag that keeps an image which is on the way to another. */
    public String stepLease(String id) {
        return lease(id) + STEP;
    }

    public boolean isStepLease(String engineReference) {
        return isLease(engineReference) && engineReference.endsWith(STEP);
    }

    /** The number of a build. */
    public long newBuild() {
        return builds.incrementAndGet();
    }

    /** The tag that keeps the result of a build, whose id nobody knows before. */
    public String resultLease(long build) {
        return leases + "build-" + build;
    }

    public boolean isLease(String engineReference) {
        return engineReference.startsWith(leases);
    }

    /** Whether that lease of a build's result makes it needless: it outlasts a build, and that build does not yield to this one. */
    public boolean isLeaseBefore(String engineReference, String resultLease) {
        String results = leases + "build-";
        boolean lasts = isLease(engineReference) && engineReference.indexOf('.', leases.length()) < 0;
        // Of two builds that end at once with the same image, one must let the other's be.
        return lasts && (!engineReference.startsWith(results) || engineReference.compareTo(resultLease) < 0);
    }

    /** The image of that id has a lease. */
    public void noteLeased(String id) {
        leased.add(id);
    }

    /** Whether the image of that whole id has, or had, a lease. */
    public boolean isLeased(String id) {
        return leased.contains(id);
    }

    /**
     * The tag by which a session tells others that it pushes by that reference; the same for all sessions behind
     * {@link ImageNames#root}.
     */
    public String pushMark(String reference) {
        return pushMarks + ImageNames.path(ImageNames.key(reference));
    }

    public boolean isPushMark(String engineReference) {
        return engineReference.startsWith(pushMarks);
    }
}
