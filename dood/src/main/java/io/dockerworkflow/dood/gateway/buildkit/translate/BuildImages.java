package io.dockerworkflow.dood.gateway.buildkit.translate;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The session's images, as builds see them. References are in full, as {@code docker.io/library/app:latest}. Safe for use by
 * several threads.
 */
public interface BuildImages {

    /** The engine's reference for a name that the session gives to an image. */
    String engineReference(String logical);

    /** The session's name for a reference of the engine, if it is one of this session's. */
    Optional<String> logicalReference(String engine);

    /** The images that the session has now: its own name, and the engine's reference. */
    Map<String, String> references();

    /** What the engine's references of all sessions look like, in syntax that Go's regular expressions have too. */
    Pattern sessionReferences();

    /** What the references of the host's images look like that the session sees, in such syntax too; empty if it sees all. */
    Optional<List<Pattern>> hostReferences();

    /** Whether the reference is for an image that does not exist for the session: another session's, or a hidden one. */
    default boolean isForeign(String reference) {
        boolean others = sessionReferences().matcher(reference).matches()
                && logicalReference(reference).isEmpty();
        return others || isHidden(reference);
    }

    /** Whether the reference, which is none of the session's, is for an image of the host that the session does not see. */
    default boolean isHidden(String reference) {
        return hostReferences()
                .filter(seen -> !references().containsKey(reference)
                        && seen.stream()
                                .noneMatch(pattern -> pattern.matcher(reference).matches()))
                .isPresent();
    }

    /**
     * Says that a build is about to give names.
     *
     * @param logical the names, in full
     * @return to be told how it ended
     * @throws io.dockerworkflow.SessionClosedException if the session is ending: do not build
     */
    Naming naming(Collection<String> logical);

    /** Names that are being given. */
    interface Naming {
        /** The engine has said that they are given. */
        void given();

        /** The build is over. Unless they are {@link #given}, the engine may have given them or not. */
        void finish();
    }
}
