package io.dockerworkflow.internal.session;

import io.dockerworkflow.SessionId;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.host.HostPaths;
import io.dockerworkflow.internal.owner.LeftDirectories;
import io.dockerworkflow.internal.owner.SessionParents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A session's directory: private, and with a path short enough for sockets in it. Deleted by its closing. */
final class SessionDirectory implements AutoCloseable {
    private final Path path;

    private SessionDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes it in {@code XDG_RUNTIME_DIR}, else in the directory for temporary files. In a container it is made where the
     * engine's host has it too, so that siblings can mount a socket in it: in one of those two if possible, else at the top of
     * whatever the container shares with the host, which is the workspace as a rule.
     *
     * @throws WorkflowException if it cannot be made
     */
    static SessionDirectory create(SessionId session, Map<String, String> environment, HostPaths hostPaths) {
        Path path = parent(environment, hostPaths).resolve("dw-" + session);
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new SessionDirectory(path);
        } catch (IOException e) {
            throw new WorkflowException(
                    "make the session's directory",
                    path.toString(),
                    Optional.of(String.valueOf(e.getMessage())),
                    "Set XDG_RUNTIME_DIR or java.io.tmpdir to a directory that this user may write to",
                    e);
        }
    }

    private static Path parent(Map<String, String> environment, HostPaths hostPaths) {
        List<Path> usual = SessionParents.usual(environment);
        return Stream.concat(usual.stream(), hostPaths.shared().stream().filter(SessionParents::suits))
                .filter(parent -> hostPaths.toHost(parent).isPresent())
                .findFirst()
                // Nothing is shared: the session works for this process, and siblings are told why they cannot join.
                .orElseGet(() -> usual.isEmpty() ? Path.of("/tmp") : usual.get(0));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(path)) {
            LeftDirectories.delete(path);
        }
    }
}
