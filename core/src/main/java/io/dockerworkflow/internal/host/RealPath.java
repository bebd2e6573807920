package io.dockerworkflow.internal.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Follows links, also in paths of what does not exist yet. */
public final class RealPath {
    private RealPath() {}

    /**
     * The path without links, also if its end does not exist yet. Empty if a link on the way leads nowhere.
     *
     * @param path an absolute path
     */
    public static Optional<Path> of(Path path) {
        Path existing = path;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            return Optional.of(path);
        }
        try {
            return Optional.of(
                    existing.toRealPath().resolve(existing.relativize(path)).normalize());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
