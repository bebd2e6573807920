package io.dockerworkflow.internal.step;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The archive that is unpacked in a step's container before its start. For one thread. */
public final class StepFiles {
    private static final int READABLE = 0644;
    private static final int PROGRAM = 0755;
    private static final int SECRET = 0400;
    private static final int DIRECTORY = 0755;
    private static final int MAX_ACCOUNT_FILE = 4 * 1024 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    /** An empty archive. */
    public StepFiles() {
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    /** Adds a home directory for that user. */
    public void home(String path, FileOwner user) {
        put(entry(path + "/", DIRECTORY, user), new byte[0]);
    }

    /** Adds a file of users or groups. */
    public void accounts(String path, AccountFile file) {
        put(entry(path, READABLE, FileOwner.ROOT), file.text().getBytes(StandardCharsets.UTF_8));
    }

    /** Adds secrets, each a file that only that user can read. */
    public void secrets(String directory, Map<String, String> secrets, FileOwner user) {
        put(entry(directory + "/", DIRECTORY, FileOwner.ROOT), new byte[0]);
        secrets.forEach((name, value) ->
                put(entry(directory + "/" + name, SECRET, user), value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds a program that everybody can run. */
    public void program(String path, String text) {
        put(entry(path, PROGRAM, FileOwner.ROOT), text.getBytes(StandardCharsets.UTF_8));
    }

    /** The archive. Call once, at the end. */
    public byte[] archive() {
        try {
            tar.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The file of users or groups in an archive of just it; empty if it is none, a link for instance. */
    public static Optional<AccountFile> accountsIn(InputStream archive) throws IOException {
        try (TarArchiveInputStream in = new TarArchiveInputStream(archive)) {
            TarArchiveEntry entry = in.getNextEntry();
            if (entry == null || !entry.isFile() || entry.isSymbolicLink() || entry.getSize() > MAX_ACCOUNT_FILE) {
                return Optional.empty();
            }
            return Optional.of(AccountFile.of(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private static TarArchiveEntry entry(String path, int mode, FileOwner owner) {
        // Relative: the archive is unpacked in the root directory.
        TarArchiveEntry entry = new TarArchiveEntry(path.substring(1));
        entry.setMode(mode | (path.endsWith("/") ? TarArchiveEntry.DEFAULT_DIR_MODE & ~0777 : 0100000));
        entry.setUserId(owner.uid());
        entry.setGroupId(owner.gid());
        return entry;
    }

    private void put(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
