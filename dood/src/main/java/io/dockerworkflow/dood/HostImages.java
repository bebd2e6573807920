package io.dockerworkflow.dood;

import io.dockerworkflow.dood.policy.ShellPattern;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which of the images that the engine has anyway a session can read. Those that it cannot read do not exist for it, by name or
 * id; those that it pulls, builds or loads are its own and always there. Immutable.
 */
public final class HostImages {
    private static final HostImages ALL = new HostImages(Optional.empty());
    private static final HostImages NONE = new HostImages(Optional.of(List.of()));

    private final Optional<List<String>> globs;

    private HostImages(Optional<List<String>> globs) {
        this.globs = globs;
    }

    /** All of them. */
    public static HostImages all() {
        return ALL;
    }

    /** None: what a build needs, it pulls or loads. */
    public static HostImages none() {
        return NONE;
    }

    /**
     * Those that a pattern matches, as {@code docker image ls --filter reference=} does: {@code maven} is all tags of it,
     * {@code maven:3.*} some, {@code registry.example:5000/team/*} all of a team's. A star does not match a slash.
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
                    + "\" is no pattern of image names; write NAME or NAME:TAG, with stars where wanted");
        }
        ShellPattern.toRegex(pattern);
        String name = pattern.strip().replaceFirst("^(index\\.)?docker\\.io/", "");
        return name.startsWith("library/") && name.indexOf('/', "library/".length()) < 0
                ? name.substring("library/".length())
                : name;
    }

    /** For references as the daemon shows them, with a tag; empty for all. In syntax that Go has too. */
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
