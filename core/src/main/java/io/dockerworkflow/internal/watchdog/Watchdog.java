package io.dockerworkflow.internal.watchdog;

import com.fasterxml.jackson.core.JsonFactory;
import io.dockerworkflow.Child;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.engine.EngineApi;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small process that removes an owner's children when this process dies, tied to it by a pipe that the kernel closes. Safe
 * for use by several threads; whoever starts it closes it.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** What keeps a JVM that waits, and now and then makes a few requests, below 40 MB. */
    private static final List<String> SMALL = List.of(
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms2m",
            "-Xmx24m",
            "-Xss256k",
            "-XX:ReservedCodeCacheSize=8m",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism");

    private final Process process;

    private Watchdog(Process process) {
        this.process = process;
    }

    /**
     * Starts a watchdog, where that is possible: there is a {@code java} and a {@code sh}, the library's code is in files,
     * and the engine is reached without certificates. Where it is not, the log says why, and a later sweep has to do.
     *
     * @param label what the owner's children carry, as name=value
     */
    public static Optional<Watchdog> start(EngineApi engine, String label) {
        if (engine.endpoint() instanceof Endpoint.Tcp tcp && tcp.certificates().isPresent()) {
            return without("the engine is reached with certificates");
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!Files.isExecutable(java) || !Files.isExecutable(Path.of("/bin/sh"))) {
            return without("there is no " + java + ", or no /bin/sh");
        }
        Optional<String> own = file(Watchdog.class);
        Optional<String> json = file(JsonFactory.class);
        if (own.isEmpty() || json.isEmpty()) {
            return without("the library's code is not in files");
        }
        List<String> command = new ArrayList<>(List.of(
                // Whoever ends a build by a signal to its process group (Ctrl-C in a terminal) must not end the
                // watchdog.
                "/bin/sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "docker-workflow-watchdog", java.toString()));
        command.addAll(SMALL);
        command.addAll(List.of(
                "-cp",
                own.get() + File.pathSeparator + json.get(),
                WatchdogMain.class.getName(),
                engine.endpoint().dockerHost(),
                engine.version(),
                label));
        ProcessBuilder builder = new ProcessBuilder(command)
                // Whoever waits for the end of our output must not wait for the watchdog's, too.
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .directory(new File("/"));
        builder.environment().clear();
        try {
            return Optional.of(new Watchdog(builder.start()));
        } catch (IOException e) {
            return without(e.toString());
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Has it remove a child that carries no label, too. */
    public void add(Child child) {
        tell(Duty.add(child));
    }

    /** Takes back {@link #add(Child)}. */
    public void drop(Child child) {
        tell(Duty.drop(child));
    }

    /** Has it delete a directory, too. */
    public void add(Path directory) {
        tell(Duty.add(directory));
    }

    /** Takes back {@link #add(Path)}. */
    public void drop(Path directory) {
        tell(Duty.drop(directory));
    }

    /** Ends it: there is nothing left to remove. Idempotent. */
    @Override
    public void close() {
        tell(Duty.end());
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("The watchdog {} has ended before", process.pid(), e);
        }
    }

    /** At once, in one write: a line that is not in the pipe when we die is not told. */
    private synchronized void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            LOG.debug("The watchdog {} has ended", process.pid(), e);
        }
    }

    private static Optional<String> file(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            URI location = source.getLocation().toURI();
            return location.getScheme().equals("file")
                    ? Optional.of(Path.of(location).toString())
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<Watchdog> without(String reason) {
        LOG.info("No watchdog: {}. Should this process be killed, the next session on the engine cleans up", reason);
        return Optional.empty();
    }
}
