package io.dockerworkflow.internal.children;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose an image is, as its name on the engine says. What a session pulls, tags, loads, or has built by the classic builder, has no
 * label of the session's.
 *
 * @param session the session
 * @param owner the session's owner
 */
public record SessionImageName(SessionId session, String owner) {
    private static final Pattern NAME = Pattern.compile("dw-([0-9a-f]{8})-images/([0-9a-z]+)[:/].*");
    private static final Pattern UNFINISHED = Pattern.compile("dw-[0-9a-f]{8}-images/[0-9a-z]+:build-[0-9]+\\.[0-9]+");

    /** Stands for the colon before a registry's port. */
    public static final String PORT = "--port--";

    /** What makes a name distinct in which something was spelled out. */
    private static final Pattern DISTINCTION = Pattern.compile("--[0-9a-f]+(:[^:/]*)$");

    /** What the names of the session's images begin with; {@code :} or {@code /} follows. */
    public String prefix() {
        return "dw-" + session + "-images/" + owner;
    }

    /** What the names begin with that clients have given; a registry's port is spelled out in them. */
    public String tags() {
        return prefix() + "/tag/";
    }

    /** What a client calls the image of that name, if it has named it. */
    public Optional<String> logicalName(String name) {
        if (!name.startsWith(tags())) {
            return Optional.empty();
        }
        String logical = name.substring(tags().length());
        return Optional.of(
                logical.contains(PORT)
                        ? DISTINCTION.matcher(logical.replace(PORT, ":")).replaceFirst("$1")
                        : logical);
    }

    /** What an image is called that a build has made on its way, as long as the build runs. */
    public String unfinished(long build, int stage) {
        return prefix() + ":build-" + build + "." + stage;
    }

    /** Whether that is what an image is called as long as a build runs. */
    static boolean isUnfinished(String name) {
        return UNFINISHED.matcher(name).matches();
    }

    /** Whose the image of that name is, if it is a session's. */
    public static Optional<SessionImageName> of(String name) {
        Matcher image = NAME.matcher(name);
        return image.matches()
                ? Optional.of(new SessionImageName(new SessionId(image.group(1)), image.group(2)))
                : Optional.empty();
    }

    /** The labels that the image would have, as far as they are known. */
    public Map<String, String> labels() {
        return Map.of(
                Labels.SESSION, session.value(),
                Labels.OWNER, owner,
                // Only where the engine is shared have images names of a session's.
                Labels.MODE, Mode.DOOD.id());
    }
}
