package io.dockerworkflow.internal.owner;

import com.fasterxml.jackson.core.JsonFactory;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.engine.EngineApi;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        if (!Files.isExecutable(WatchdogCode.java()) || !Files.isExecutable(WatchdogCode.SHELL)) {
            return without("there is no " + WatchdogCode.java() + ", or no " + WatchdogCode.SHELL);
        }
        Optional<Path> own = WatchdogCode.file(Watchdog.class);
        Optional<Path> json = WatchdogCode.file(JsonFactory.class);
        if (own.isEmpty() || json.isEmpty()) {
            return without("the library's code is not in files");
        }
        String classPath = own.get() + File.pathSeparator + json.get();
        ProcessBuilder builder = new ProcessBuilder(WatchdogCode.command(true, classPath, engine, label))
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
