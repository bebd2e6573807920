package io.dockerworkflow.internal.owner;

import io.dockerworkflow.SessionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions' directories on this machine, which say whose they are, so that a dead owner's can be told from a live one's. */
public final class LeftDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(LeftDirectories.class);
    private static final String SESSIONS = "dw-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]";
    private static final String OWNER_FILE = ".owner";
    private static final int LONGEST = 1024;

    /** What is in a directory before it, and letters before the mark's dot. */
    private static final Comparator<Path> MARK_LAST = Comparator.reverseOrder();

    private final List<Path> parents;
    private final String dockerHost;

    /**
     * The directories of sessions on that engine.
     *
     * @param parents where to look
     * @param dockerHost the engine, as the owners call it
     */
    public LeftDirectories(Collection<Path> parents, String dockerHost) {
        this.parents = List.copyOf(parents);
        this.dockerHost = dockerHost;
    }

    /** Nowhere to look. */
    public static LeftDirectories none() {
        return new LeftDirectories(List.of(), "");
    }

    /**
     * Writes down whose a directory is.
     *
     * @throws IOException if that cannot be written
     */
    public static void mark(Path directory, String dockerHost, String owner) throws IOException {
        Files.writeString(directory.resolve(OWNER_FILE), dockerHost + "\n" + owner + "\n");
    }

    /** The directories, and whose they are. */
    Map<Path, String> all() {
        Map<Path, String> found = new LinkedHashMap<>();
        for (Path directory : own()) {
            List<String> mark = mark(directory);
            if (mark.size() == 2 && mark.get(0).equals(dockerHost)) {
                found.put(directory, mark.get(1));
            }
        }
        return found;
    }

    /**
     * Directories that do not say whose they are, and hold nothing: their owner died between making or deleting them and their
     * mark, or is just doing that.
     */
    Set<Path> unfinished() {
        Set<Path> found = new LinkedHashSet<>();
        for (Path directory : own()) {
            if (mark(directory).size() < 2 && holdsNothing(directory)) {
                found.add(directory);
            }
        }
        return found;
    }

    /** Whose directory it is. */
    static Optional<SessionId> session(Path directory) {
        return SessionId.parse(directory.getFileName().toString().substring("dw-".length()));
    }

    /**
     * Deletes a directory, at last the mark that says whose it is.
     *
     * @throws IOException if something in it cannot be deleted, because it is another user's, say
     */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(MARK_LAST).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Those that look like sessions' and are this user's. */
    private List<Path> own() {
        List<Path> found = new ArrayList<>();
        for (Path parent : parents) {
            try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, SESSIONS)) {
                for (Path directory : directories) {
                    // In /tmp anyone can make a directory that looks like ours, and swap its parts while we delete
                    // them.
                    if (isOwn(directory)) {
                        found.add(directory);
                    }
                }
            } catch (IOException e) {
                LOG.debug("Cannot look for directories in {}", parent, e);
            }
        }
        return found;
    }

    /** Made by this user, whom a file that we write has for an owner, and open to nobody else. */
    private static boolean isOwn(Path directory) throws IOException {
        Path own = Files.createTempFile("dw-", ".own");
        try {
            return Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))
                    && Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                            .equals(PosixFilePermissions.fromString("rwx------"));
        } finally {
            Files.delete(own);
        }
    }

    /** The engine and the owner; less if that is not, or not yet, written down. */
    private static List<String> mark(Path directory) {
        Path file = directory.resolve(OWNER_FILE);
        try {
            return Files.isReadable(file) && Files.size(file) <= LONGEST
                    ? Files.readAllLines(file, StandardCharsets.UTF_8)
                    : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean holdsNothing(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.allMatch(file -> file.endsWith(OWNER_FILE));
        } catch (IOException e) {
            return false;
        }
    }
}
