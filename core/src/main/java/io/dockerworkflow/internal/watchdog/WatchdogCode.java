package io.dockerworkflow.internal.watchdog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Where the code that a watchdog runs comes from, and how it is run. */
final class WatchdogCode {
    /** What keeps a JVM that waits, and now and then makes a few requests, below 40 MB. */
    static final List<String> SMALL = List.of(
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            // The compilers would take 3 MB more, and what runs once runs no faster for them.
            "-Xint",
            "-Xms2m",
            "-Xmx24m",
            "-Xss256k",
            "-XX:ReservedCodeCacheSize=4m",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism");

    private WatchdogCode() {}

    /** The jar or directory that a class was loaded from, if it is a file. */
    static Optional<Path> file(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            URI location = source.getLocation().toURI();
            return location.getScheme().equals("file") ? Optional.of(Path.of(location)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The content of a jar, or of a directory as one. */
    static byte[] jar(Path file) throws IOException {
        if (!Files.isDirectory(file)) {
            return Files.readAllBytes(file);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes);
                Stream<Path> classes = Files.walk(file)) {
            for (Path each : classes.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new ZipEntry(file.relativize(each).toString()));
                Files.copy(each, jar);
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
