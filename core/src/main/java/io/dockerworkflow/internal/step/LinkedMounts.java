package io.dockerworkflow.internal.step;

import io.dockerworkflow.EngineException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Some engines copy no files into or out of a container that has a mount whose target leads through a link, as
 * {@code /var/run/docker.sock} does where {@code /var/run} is a link to {@code /run} (moby#52653, seen with 28.5.2). Only such
 * images need, and have, another name for the target.
 */
final class LinkedMounts {
    private static final Pattern WORDS = Pattern.compile("path escapes from parent|mkdirat \\S+: file exists");
    private static final String LINK = ":/var/run/";
    private static final String TARGET = ":/run/";

    private LinkedMounts() {}

    /** Whether the engine failed for this, and {@link #avoid} helps. */
    static boolean areToBlame(EngineException failure, List<String> binds) {
        return binds.stream().anyMatch(bind -> bind.contains(LINK))
                && failure.engineMessage()
                        .filter(words -> WORDS.matcher(words).find())
                        .isPresent();
    }

    /** The binds with their targets' other names. */
    static List<String> avoid(List<String> binds) {
        return binds.stream().map(bind -> bind.replace(LINK, TARGET)).toList();
    }
}
