package io.dockerworkflow.internal.watchdog;

import com.fasterxml.jackson.core.JsonFactory;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.engine.EngineApi;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watchdog as a small process beside this one, tied to it by a pipe. */
public final class WatchdogProcess {
    private static final Logger LOG = LoggerFactory.getLogger(WatchdogProcess.class);

    private WatchdogProcess() {}

    /**
     * Starts it, where that is possible: there is a {@code java} and a {@code sh}, the library's code is in files, and the
     * engine is reached without certificates. Where it is not, the log says why, and a later sweep has to do.
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
        Optional<Path> own = WatchdogCode.file(Watchdog.class);
        Optional<Path> json = WatchdogCode.file(JsonFactory.class);
        if (own.isEmpty() || json.isEmpty()) {
            return without("the library's code is not in files");
        }
        List<String> command = new ArrayList<>(List.of(
                // Whoever ends a build by a signal to its process group (Ctrl-C in a terminal) must not end the
                // watchdog.
                "/bin/sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "docker-workflow-watchdog", java.toString()));
        command.addAll(WatchdogCode.SMALL);
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
            Process process = builder.start();
            return Optional.of(new Watchdog(
                    "The watchdog process " + process.pid(), process.getOutputStream(), process.getOutputStream()));
        } catch (IOException e) {
            return without(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Watchdog> without(String reason) {
        LOG.info("No watchdog: {}. Should this process be killed, the next session on the engine cleans up", reason);
        return Optional.empty();
    }
}
