package io.dockerworkflow.dood;

import io.dockerworkflow.dood.policy.ShellPattern;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The images of the host that a session can read: images that the engine has independently of the session. An image that
 * the session cannot read does not exist for it, by name or id. Images that the session pulls, builds or loads are its own;
 * it can always read them. Immutable.
 */
public final class HostImages {
    private static final HostImages ALL = new HostImages(Optional.empty());
    private static final HostImages NONE = new HostImages(Optional.of(List.of()));

    private final Optional<List<String>> globs;

    private HostImages(Optional<List<String>> globs) {
        this.globs = globs;
    }

    /** All images of the host. */
    public static HostImages all() {
        return ALL;
    }

    /** No image of the host: a build pulls or loads what it needs. */
    public static HostImages none() {
        return NONE;
    }

    /**
     * The images that match a pattern, as with {@code docker image ls --filter reference=}: {@code maven} matches all tags
     * of that image, {@code maven:3.*} some of its tags, {@code registry.example:5000/team/*} all images of a team. A star
     * does not match a slash.
     *
     * @throws IllegalArgumentException if a pattern is blank, holds a digest or is malformed
     */
    public static HostImages only(String... patterns) {
        return new HostImages(
                Optional.of(Stream.of(patterns).map(HostImages::checked).toList()));
    }

    private static String checked(String pattern) {
        if (pattern.isBlank() || pattern.contains("@")) {
            throw new IllegalArgumentException("\"" + pattern
                    + "\" is not a pattern of image names; write NAME or NAME:TAG, with stars as wildcards");
        }
        ShellPattern.toRegex(pattern);
        return ImageReference.of(pattern.strip()).familiar();
    }

    /**
     * Patterns for references as the daemon shows them, with a tag; empty for all images. The syntax is one that Go has
     * too.
     */
    Optional<List<Pattern>> patterns() {
        return globs.map(all -> all.stream()
                .map(glob -> Pattern.compile("(?:" + ShellPattern.toRegex(glob) + ")(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?"))
                .toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostImages that && globs.equals(that.globs);
    }

    @Override
    public int hashCode() {
        return globs.hashCode();
    }

    @Override
    public String toString() {
        return "HostImages "
                + globs.map(all -> all.isEmpty() ? "none" : "only " + all).orElse("all");
    }
}
