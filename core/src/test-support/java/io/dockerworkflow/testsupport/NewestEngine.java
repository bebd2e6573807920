package io.dockerworkflow.testsupport;

import io.dockerworkflow.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine of Debian's newest release beside the machine's own, started by {@code bin/engine} where none runs, which other
 * test JVMs use, too. {@code bin/test} ends it, when none does any more.
 */
public final class NewestEngine {
    private static final String PREFIX = "export DOCKER_HOST=unix://";

    private NewestEngine() {}

    /** One that has busybox. */
    public static Endpoint.UnixSocket endpoint() {
        return Plain.ENGINE;
    }

    /** One that has all images that tests need, with a daemon of that release in {@code docker:dind}. */
    public static Endpoint.UnixSocket withImages() {
        return WithImages.ENGINE;
    }

    /** One that has busybox, and keeps its images as containerd does. */
    public static Endpoint.UnixSocket withContainerdImages() {
        return WithContainerdImages.ENGINE;
    }

    /** Started when first asked for, once in a JVM. */
    private static final class Plain {
        static final Endpoint.UnixSocket ENGINE = start();
    }

    private static final class WithImages {
        static final Endpoint.UnixSocket ENGINE = start("--images");
    }

    private static final class WithContainerdImages {
        static final Endpoint.UnixSocket ENGINE = start("--containerd-images");
    }

    private static Endpoint.UnixSocket start(String... options) {
        String program =
                Path.of("..", "bin", "engine").toAbsolutePath().normalize().toString();
        List<String> command = new ArrayList<>(List.of(program, "newer", "newest"));
        command.addAll(List.of(options));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.lines()
                    .filter(line -> line.startsWith(PREFIX))
                    .map(line -> new Endpoint.UnixSocket(Path.of(line.substring(PREFIX.length()))))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(command + " started no engine; its words are above"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
