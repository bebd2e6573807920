package io.dockerworkflow.testsupport;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Runs a class of this build in a real container which has the engine's socket, as CI systems run their agents. The container
 * borrows this JDK and this class path, read-only.
 */
public final class JavaInContainer {
    /** A Debian, for the C library that the JDK wants. */
    private static final String IMAGE = "docker:dind";

    private JavaInContainer() {}

    /**
     * The docker CLI's arguments for it.
     *
     * @param options further options of {@code docker run}
     * @param main the class with the main method
     * @param arguments its arguments
     */
    public static List<String> command(List<String> options, Class<?> main, String... arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home")).toRealPath();
        Set<String> borrowed = new LinkedHashSet<>();
        borrowed.add(java.toString());
        Path configuration =
                java.resolve("conf/security/java.security").toRealPath().getParent();
        if (!configuration.startsWith(java)) {
            // Debian keeps it in /etc, and links to it file by file.
            borrowed.add(configuration.getParent().toString());
        }
        String classPath = System.getProperty("java.class.path");
        for (String entry : classPath.split(File.pathSeparator)) {
            if (Files.exists(Path.of(entry))) {
                borrowed.add(Path.of(entry).toAbsolutePath().toString());
            }
        }
        List<String> command = new ArrayList<>(List.of("run", "--rm", "-v", socket() + ":/var/run/docker.sock"));
        for (String library : libraries(java)) {
            command.addAll(List.of(
                    "-v", library + ":/jvm-libraries/" + Path.of(library).getFileName() + ":ro"));
        }
        command.addAll(List.of("-e", "LD_LIBRARY_PATH=/jvm-libraries"));
        borrowed.forEach(path -> command.addAll(List.of("-v", path + ":" + path + ":ro")));
        command.addAll(options);
        command.addAll(List.of(
                "--entrypoint",
                java.resolve("bin/java").toString(),
                IMAGE,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** That of the engine which the docker CLI uses. */
    public static String socket() {
        String host = System.getenv().getOrDefault("DOCKER_HOST", "");
        return host.startsWith("unix://") ? host.substring("unix://".length()) : "/var/run/docker.sock";
    }

    /** What the JVM needs beside the C library, which the image has. */
    private static List<String> libraries(Path java) throws IOException {
        Process ldd =
                new ProcessBuilder("ldd", java.resolve("lib/server/libjvm.so").toString()).start();
        String output = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Pattern.compile("=> (\\S+/(?:libstdc\\+\\+|libgcc_s|libz)\\.\\S+)")
                .matcher(output)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
