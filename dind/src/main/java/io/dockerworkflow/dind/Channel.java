package io.dockerworkflow.dind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The directory that this machine shares with a daemon's container. It contains the script that starts the daemon and,
 * later, the daemon's socket. Only the owner of its parent directory can reach it.
 *
 * @param directory its path on this machine
 * @param command the command of the daemon's container
 */
record Channel(Path directory, List<String> command) {
    /** Its path in the daemon's container. */
    static final String INSIDE = "/run/docker-workflow";

    private static final String SOCKET = "docker.sock";
    private static final int SOME_USER = 1000;

    Channel {
        command = List.copyOf(command);
    }

    /** Creates the directory, which must not exist yet, and writes the script into it. */
    static Channel make(Path directory, Rights rights) {
        try {
            Files.createDirectory(directory);
            // The daemon must get in as any user; the umask of this process may forbid that.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            String script = rights == Rights.ROOTLESS ? "start-rootless.sh" : "start-daemon.sh";
            Path file = Files.writeString(directory.resolve(script), Resources.text(script));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            int identity = rights == Rights.ROOTLESS ? rootlessUser(directory) : id(directory, "gid");
            return new Channel(
                    directory, List.of("sh", INSIDE + "/" + script, INSIDE + "/" + SOCKET, Integer.toString(identity)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The socket's path on this machine. */
    Path socket() {
        return directory.resolve(SOCKET);
    }

    /** The user of this process, so that nested containers can write to its workspace. Never root. */
    private static int rootlessUser(Path directory) throws IOException {
        int uid = id(directory, "uid");
        return uid == 0 ? SOME_USER : uid;
    }

    /** The id of this process, read from a directory that it created, because Java has no other way to ask. */
    private static int id(Path directory, String kind) throws IOException {
        return (Integer) Files.getAttribute(directory, "unix:" + kind);
    }
}
