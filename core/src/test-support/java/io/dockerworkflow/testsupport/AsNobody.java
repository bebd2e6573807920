package io.dockerworkflow.testsupport;

import com.fasterxml.jackson.core.JsonFactory;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Opens a connection in another process, as a user that may not use the socket: root may use any. */
public final class AsNobody {
    private AsNobody() {}

    /** The message with which the opening failed. */
    public static String openMessage(Endpoint endpoint, Path scratch) throws Exception {
        for (Path open = scratch; open.startsWith(System.getProperty("java.io.tmpdir")); open = open.getParent()) {
            if (!open.equals(Path.of(System.getProperty("java.io.tmpdir")))) {
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        Path classes = Files.createDirectory(scratch.resolve("classes"));
        List<String> classPath = new ArrayList<>();
        // Copied, because the repository and the build may lie where nobody may look.
        for (Class<?> needed : List.of(AsNobody.class, EngineConnection.class, JsonFactory.class)) {
            classPath.add(copied(needed, classes).toString());
        }
        List<String> command = new ArrayList<>();
        if (Files.isWritable(Path.of("/proc/1/comm"))) {
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        } else {
            Files.setPosixFilePermissions(
                    ((Endpoint.UnixSocket) endpoint).path(), PosixFilePermissions.fromString("---------"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(":", classPath),
                AsNobody.class.getName(),
                ((Endpoint.UnixSocket) endpoint).path().toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(scratch.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    /** In the other process. */
    public static void main(String[] arguments) {
        try (EngineConnection connection = EngineConnection.open(new Endpoint.UnixSocket(Path.of(arguments[0])))) {
            System.out.println("connected to " + connection.version());
        } catch (EngineException e) {
            System.out.println(e.getMessage());
        }
    }

    private static Path copied(Class<?> needed, Path target) throws IOException, URISyntaxException {
        Path source = Path.of(
                needed.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path copy = target.resolve(needed.getSimpleName());
        try (Stream<Path> files = Files.walk(source)) {
            files.forEach(file -> {
                try {
                    Files.copy(
                            file,
                            copy.resolve(source.relativize(file).toString()).normalize());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return copy;
    }
}
