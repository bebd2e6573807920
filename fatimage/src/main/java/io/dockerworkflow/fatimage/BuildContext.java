package io.dockerworkflow.fatimage;

import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.engine.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A build's Dockerfile and context as one archive. Equal content gives an equal archive: entries are sorted, with modes and
 * contents, without times and owners. The archive's digest therefore names the image.
 */
final class BuildContext {
    /** To be changed when equal content must no longer give an equal tag. */
    private static final String VERSION = "1";

    private static final String REPOSITORY = "dw-fatimage";
    private static final int DIGITS = 32;
    private static final int PERMISSIONS = 07777;
    private static final int DEFAULT_DIRECTORY_MODE = 0755;
    private static final int DEFAULT_FILE_MODE = 0755;

    private final FatImage.Built image;
    private final String dockerfileEntry;

    private BuildContext(FatImage.Built image) {
        this.image = image;
        this.dockerfileEntry = image.dockerfile().startsWith(image.context())
                ? slashed(image.context().relativize(image.dockerfile()))
                : ".dw-dockerfile";
    }

    /**
     * Returns the context of this image.
     *
     * @throws WorkflowException if the directory or the Dockerfile does not exist
     */
    static BuildContext of(FatImage.Built image) {
        if (!Files.isDirectory(image.context())) {
            throw new WorkflowException(
                    "build the fat image",
                    image.context().toString(),
                    Optional.of("no such directory"),
                    "Name the directory that holds what the Dockerfile copies",
                    new NotDirectoryException(image.context().toString()));
        }
        if (!Files.isRegularFile(image.dockerfile())) {
            throw new WorkflowException(
                    "build the fat image",
                    image.dockerfile().toString(),
                    Optional.of("no such file"),
                    "Write a Dockerfile there, or name the one to use with FatImage.built(context, dockerfile)",
                    null);
        }
        return new BuildContext(image);
    }

    /** The Dockerfile's path in the archive. */
    String dockerfileEntry() {
        return dockerfileEntry;
    }

    /** The tag of the content. */
    String tag() {
        return writeTo(OutputStream.nullOutputStream());
    }

    /** Writes the archive and returns the tag of the written content, even if a file has changed since. */
    String writeTo(OutputStream out) {
        MessageDigest digest = sha256();
        try (TarWriter tar =
                new TarWriter(new BufferedOutputStream(new DigestOutputStream(out, digest)), Instant.EPOCH)) {
            for (Map.Entry<String, Path> entry : entries().entrySet()) {
                write(tar, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new WorkflowException(
                    "read the build context",
                    image.context().toString(),
                    Optional.of(e.toString()),
                    "Make all of it readable, or leave a part out with a .dockerignore file",
                    e);
        }
        digest.update((VERSION + "\n" + dockerfileEntry + "\n" + String.join("\n", image.tools()))
                .getBytes(StandardCharsets.UTF_8));
        return REPOSITORY + ":" + HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    /** Sorted by name, so that the file system's order does not matter. */
    private Map<String, Path> entries() throws IOException {
        Map<String, Path> entries = new TreeMap<>(Comparator.naturalOrder());
        IgnoreRules rules = IgnoreRules.of(image.context());
        Files.walkFileTree(image.context(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (directory.equals(image.context())) {
                    return FileVisitResult.CONTINUE;
                }
                String name = slashed(image.context().relativize(directory));
                if (!rules.ignores(name)) {
                    entries.put(name, directory);
                } else if (!rules.hasExceptions()) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = slashed(image.context().relativize(file));
                // An archive cannot hold sockets and the like.
                if (!attributes.isOther() && !rules.ignores(name)) {
                    entries.put(name, file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        // The engine needs the Dockerfile even if the rules exclude it.
        entries.put(dockerfileEntry, image.dockerfile());
        return entries;
    }

    private static void write(TarWriter tar, String name, Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            tar.link(name, slashed(Files.readSymbolicLink(file)));
        } else if (Files.isDirectory(file)) {
            tar.directory(name, mode(file, DEFAULT_DIRECTORY_MODE), 0, 0);
        } else {
            tar.file(name, mode(file, DEFAULT_FILE_MODE), file);
        }
    }

    private static int mode(Path file, int otherwise) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS
                : otherwise;
    }

    private static String slashed(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
