package io.dockerworkflow.internal.owner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The directories that sessions' directories are made in. */
public final class SessionParents {
    /** Of the about 100 bytes of a socket's path, what is left after "/dw-01234567/" and a file's name. */
    private static final int LONGEST = 60;

    private SessionParents() {}

    /** Where sessions' directories are, as a rule: {@code XDG_RUNTIME_DIR}, and the directories for temporary files. */
    public static List<Path> usual(Map<String, String> environment) {
        return Stream.of(
                        Optional.ofNullable(environment.get("XDG_RUNTIME_DIR")),
                        Optional.of(Path.of(System.getProperty("java.io.tmpdir"))
                                .toAbsolutePath()
                                .toString()),
                        Optional.of("/tmp"))
                .flatMap(Optional::stream)
                .map(Path::of)
                .filter(SessionParents::suits)
                .distinct()
                .toList();
    }

    /** Whether this process may write there, and the path is short enough for sockets. */
    public static boolean suits(Path parent) {
        return parent.isAbsolute() && parent.toString().length() <= LONGEST && Files.isWritable(parent);
    }
}
