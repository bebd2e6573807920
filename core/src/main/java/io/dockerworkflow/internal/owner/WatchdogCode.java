package io.dockerworkflow.internal.owner;

import io.dockerworkflow.internal.engine.EngineApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Where the code that a watchdog runs comes from, and how it is run. */
final class WatchdogCode {
    static final Path SHELL = Path.of("/bin/sh");

    /**
     * Waits in place of a JVM, which would take 40 MB and a processor's tenths of a second while the owner starts: notes what it is
     * told (see {@link CleanupList}), and runs the command with it when the owner has died. By a pipe, for which no disk can be full. Whoever
     * ends a build by a signal to its process group (Ctrl-C in a terminal) must not end the watchdog.
     */
    private static final String WAITING = """
            trap '' HUP INT TERM
            line_end='
            '
            duty=$line_end
            while IFS= read -r line; do
              case $line in
                'end;') exit ;;
                +*';') duty=$duty$line$line_end ;;
                -*';')
                  added=$line_end+${line#-}$line_end
                  case $duty in
                    *"$added"*) duty=${duty%%"$added"*}$line_end${duty#*"$added"} ;;
                  esac ;;
              esac
            done
            printf '%s' "$duty" | exec "$@"
            """;

    /** What has a JVM of a second's life start soon, and take little. */
    private static final List<String> SMALL = List.of(
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms2m",
            "-Xmx24m",
            "-Xss256k",
            "-XX:ReservedCodeCacheSize=4m",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism");

    private WatchdogCode() {}

    /**
     * What a watchdog runs. Without a shell, a JVM waits.
     *
     * @param shell whether there is one
     * @param classPath where the library's code and its JSON parser's are
     * @param label what the owner's children carry, as name=value
     */
    static List<String> command(boolean shell, String classPath, EngineApi engine, String label) {
        List<String> command = new ArrayList<>();
        if (shell) {
            command.addAll(List.of(SHELL.toString(), "-c", WAITING, "docker-workflow-watchdog"));
        }
        command.add(java().toString());
        command.addAll(SMALL);
        command.addAll(List.of(
                "-cp",
                classPath,
                WatchdogMain.class.getName(),
                engine.endpoint().dockerHost(),
                engine.version(),
                label));
        return command;
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

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
