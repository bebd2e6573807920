package io.dockerworkflow.internal.step;

import io.dockerworkflow.internal.engine.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The archive that is unpacked in a step's container before its start. For one thread. */
public final class StepFiles {
    private static final int READABLE = 0100644;
    private static final int PROGRAM = 0100755;
    private static final int SECRET = 0100400;
    private static final int DIRECTORY = 040755;
    private static final int MAX_ACCOUNT_FILE = 4 * 1024 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(bytes, Instant.now());

    /** Adds a home directory for that user. */
    public void home(String path, FileIds user) {
        directory(path, user);
    }

    /** Adds a file of users or groups. */
    public void accounts(String path, AccountFile file) {
        file(path, READABLE, FileIds.ROOT, file.text());
    }

    /** Adds secrets, each a file that only that user can read. */
    public void secrets(String directory, Map<String, String> secrets, FileIds user) {
        directory(directory, FileIds.ROOT);
        secrets.forEach((name, value) -> file(directory + "/" + name, SECRET, user, value));
    }

    /** Adds a program that everybody can run. */
    public void program(String path, String text) {
        file(path, PROGRAM, FileIds.ROOT, text);
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

    private void directory(String path, FileIds ids) {
        try {
            tar.directory(relative(path), DIRECTORY, ids.uid(), ids.gid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void file(String path, int mode, FileIds ids, String text) {
        try {
            tar.file(relative(path), mode, ids.uid(), ids.gid(), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The archive is unpacked in the root directory. */
    private static String relative(String path) {
        return path.substring(1);
    }
}
