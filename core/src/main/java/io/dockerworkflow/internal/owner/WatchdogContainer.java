package io.dockerworkflow.internal.owner;

import com.fasterxml.jackson.core.JsonFactory;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.engine.Tar;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watchdog as a container beside the one that this process runs in, whose end would be that of any process in it. Made of
 * the own container's image, which has a {@code java}, and its mounts, among which is the engine's socket; so no other image
 * is needed.
 */
public final class WatchdogContainer {
    private static final Logger LOG = LoggerFactory.getLogger(WatchdogContainer.class);
    private static final String DIRECTORY = "dw-watchdog";
    private static final Pattern ANONYMOUS = Pattern.compile("[0-9a-f]{64}");

    private WatchdogContainer() {}

    /**
     * Starts it. Where it cannot be, the log says why, and a later sweep has to do.
     *
     * @param engine the engine, reached through a socket that the own container mounts
     * @param label what the owner's children carry, as name=value
     * @param name what to call the container
     * @param labels the container's labels, which must not have it removed as one of the owner's children
     * @param ownContainer the id of the container that this process runs in
     */
    public static Optional<Watchdog> start(
            EngineApi engine, String label, String name, Map<String, String> labels, String ownContainer) {
        Optional<Path> own = WatchdogCode.file(Watchdog.class);
        Optional<Path> json = WatchdogCode.file(JsonFactory.class);
        if (own.isEmpty() || json.isEmpty()) {
            return without("the library's code is not in files");
        }
        try {
            byte[] code = Tar.of(Map.of(
                    DIRECTORY + "/own.jar",
                    WatchdogCode.jar(own.get()),
                    DIRECTORY + "/json.jar",
                    WatchdogCode.jar(json.get())));
            Json agent = engine.get("/containers/" + ownContainer + "/json");
            String container = engine.post(
                            "/containers/create?name=" + name, specification(engine, label, labels, agent))
                    .text("Id");
            return Optional.of(started(engine, name, container, code));
        } catch (RefusedException | UncheckedIOException | IOException e) {
            return without(String.valueOf(e.getMessage()));
        }
    }

    private static Watchdog started(EngineApi engine, String name, String container, byte[] code) throws IOException {
        RawConnection connection = null;
        try {
            engine.putTar("/containers/" + container + "/archive?path=/", code);
            connection = engine.upgrade("/containers/" + container + "/attach?stream=1&stdin=1");
            engine.post("/containers/" + container + "/start", Map.of());
            RawConnection stream = connection;
            return new Watchdog(
                    "The watchdog container " + name, stream.output(), () -> end(engine, container, stream));
        } catch (RuntimeException e) {
            if (connection != null) {
                connection.close();
            }
            engine.delete("/containers/" + container + "?force=1");
            throw e;
        }
    }

    private static void end(EngineApi engine, String container, RawConnection stream) throws IOException {
        stream.close();
        try {
            engine.delete("/containers/" + container + "?force=1&v=1");
        } catch (RefusedException e) {
            // It ends by itself when its input does, and the engine removes it then.
            engine.post("/containers/" + container + "/wait?condition=removed", Map.of());
        }
    }

    private static Map<String, Object> specification(
            EngineApi engine, String label, Map<String, String> labels, Json agent) throws IOException {
        // The own container's image: what is here is there.
        List<String> command = WatchdogCode.command(
                Files.isExecutable(WatchdogCode.SHELL),
                "/" + DIRECTORY + "/own.jar:/" + DIRECTORY + "/json.jar",
                engine,
                label);
        Map<String, Object> specification = new LinkedHashMap<>();
        specification.put("Image", agent.text("Image"));
        specification.put("Entrypoint", List.of(command.get(0)));
        specification.put("Cmd", command.subList(1, command.size()));
        specification.put("User", agent.at("Config").text("User"));
        specification.put("WorkingDir", "/");
        specification.put(
                "Env",
                agent.at("Config").at("Env").elements().stream()
                        .flatMap(variable -> variable.text().stream())
                        // Where the JVM's libraries are, and nothing that might be secret.
                        .filter(variable -> variable.startsWith("LD_LIBRARY_PATH="))
                        .toList());
        specification.put("OpenStdin", true);
        specification.put("StdinOnce", true);
        specification.put("Labels", labels);
        // As for the lifeline: the mode "none" alone costs engines 20.10 and 26 a process more.
        specification.put("NetworkDisabled", true);
        specification.put(
                "HostConfig",
                Map.ofEntries(
                        mounts(agent),
                        Map.entry("AutoRemove", true),
                        // The engine is reached through a socket file.
                        Map.entry("NetworkMode", "none"),
                        Map.entry("GroupAdd", groups(agent)),
                        Map.entry("CapDrop", List.of("ALL")),
                        Map.entry("SecurityOpt", List.of("no-new-privileges")),
                        Map.entry("LogConfig", Map.of("Type", "none")),
                        Map.entry("PidsLimit", 128)));
        return specification;
    }

    /**
     * Those of the own container. Engine 28.5.2 copies no files into a container that has a mount whose target leads through a
     * link, as {@code /var/run/docker.sock} often does (moby#52653): then each is named, with its target's other name.
     */
    private static Map.Entry<String, Object> mounts(Json agent) throws IOException {
        boolean linked = false;
        List<Map<String, Object>> named = new ArrayList<>();
        for (Json mount : agent.at("Mounts").elements()) {
            Path target = Path.of(mount.text("Destination"));
            Path real = Files.exists(target) ? target.toRealPath() : target;
            linked |= !real.equals(target);
            boolean volume = mount.text("Type").equals("volume");
            String source = mount.text(volume ? "Name" : "Source");
            // One without a name of its own would stay: the engine removes it only with who has it by VolumesFrom.
            boolean anonymous = volume && ANONYMOUS.matcher(source).matches();
            if (volume && !anonymous || mount.text("Type").equals("bind")) {
                named.add(Map.of(
                        "Type",
                        mount.text("Type"),
                        "Source",
                        source,
                        "Target",
                        real.toString(),
                        "ReadOnly",
                        mount.text("RW").equals("false")));
            }
        }
        return linked ? Map.entry("Mounts", named) : Map.entry("VolumesFrom", List.of(agent.text("Id")));
    }

    private static List<String> groups(Json agent) {
        return agent.at("HostConfig").at("GroupAdd").elements().stream()
                .flatMap(group -> group.text().stream())
                .toList();
    }

    private static Optional<Watchdog> without(String reason) {
        LOG.info(
                "No watchdog outside of this container: {}. Should it be removed, the next session on the engine cleans up",
                reason);
        return Optional.empty();
    }
}
