package io.dockerworkflow.internal.engine;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a tar archive. Names may be of any length, and of any characters; owners are numbers. The archive is the same for the
 * same entries and time. For one thread.
 */
public final class TarWriter implements Closeable {
    private final TarArchiveOutputStream tar;
    private final FileTime time;

    /**
     * An empty archive.
     *
     * @param out where it is written; closed with this
     * @param time when all of its entries were changed
     */
    public TarWriter(OutputStream out, Instant time) {
        this.tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        this.time = FileTime.from(time);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    /** Adds a directory. */
    public void directory(String name, int mode, long uid, long gid) throws IOException {
        put(new TarArchiveEntry(name + "/"), mode, uid, gid);
        tar.closeArchiveEntry();
    }

    /** Adds a symbolic link of root's. */
    public void link(String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        put(entry, 0777, 0, 0);
        tar.closeArchiveEntry();
    }

    /** Adds a file with that content. */
    public void file(String name, int mode, long uid, long gid, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        put(entry, mode, uid, gid);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /**
     * Adds a copy of a file, as root's.
     *
     * @throws IOException also if the file grows or shrinks meanwhile
     */
    public void file(String name, int mode, Path content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(Files.size(content));
        put(entry, mode, 0, 0);
        Files.copy(content, tar);
        tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    private void put(TarArchiveEntry entry, int mode, long uid, long gid) throws IOException {
        entry.setMode(mode);
        entry.setLastModifiedTime(time);
        entry.setUserId(uid);
        entry.setGroupId(gid);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
    }
}
