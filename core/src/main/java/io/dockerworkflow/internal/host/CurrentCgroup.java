package io.dockerworkflow.internal.host;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.engine.EngineErrors;
import io.dockerworkflow.internal.engine.RefusedException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the cgroup of this process, or of the container that it runs in, as an engine takes it for a container's parent: so
 * that children live within the limits of whoever runs this process.
 */
public final class CurrentCgroup {
    private static final String OPERATION = "find this process's cgroup, for children to be in";

    private CurrentCgroup() {}

    /**
     * What to say for {@code CgroupParent}.
     *
     * @param hostPaths where this process is
     * @throws EngineException if it cannot be found out, or the engine could not use it
     */
    public static String parent(EngineConnection engine, HostPaths hostPaths) {
        EngineApi api = engine.api();
        try {
            Optional<String> container = hostPaths.container();
            String given = container
                    .map(id -> api.get("/containers/" + id + "/json")
                            .at("HostConfig")
                            .text("CgroupParent"))
                    .orElse("");
            Place place = new Place(
                    container,
                    given,
                    hostPaths.isForeignContainer() || container.isEmpty() && engine.endpoint() instanceof Endpoint.Tcp,
                    api.get("/info").text("CgroupDriver"));
            return parent(CurrentContainer.read(Path.of("/")).cgroup(), place);
        } catch (RefusedException | UncheckedIOException e) {
            throw new EngineException(
                    OPERATION,
                    engine.endpoint().dockerHost(),
                    EngineErrors.of(e),
                    "Check that the Docker daemon still answers",
                    e);
        }
    }

    /**
     * What is known of where this process is.
     *
     * @param container the id of the engine's container that it runs in
     * @param given the parent with which that container was made; empty for the engine's default
     * @param elsewhere whether its groups are not the engine's: another machine's, or those of a container of another engine
     * @param driver the engine's cgroup driver
     */
    record Place(Optional<String> container, String given, boolean elsewhere, String driver) {}

    /**
     * The parent.
     *
     * @param cgroup the text of {@code /proc/self/cgroup}
     */
    static String parent(String cgroup, Place place) {
        if (place.elsewhere()) {
            throw unknown("the engine does not run this process's container, or is on another machine");
        }
        String own = place.container().map(id -> of(id, cgroup, place)).orElseGet(() -> deepest(cgroup));
        if (!place.driver().equals("systemd")) {
            return own;
        }
        // systemd's driver takes the name of a slice, which implies those above it.
        String name = own.substring(own.lastIndexOf('/') + 1);
        if (!name.endsWith(".slice")) {
            throw new EngineException(
                    OPERATION,
                    own,
                    Optional.of("the engine's cgroup driver is systemd, which puts containers into slices only"),
                    "Run this process in a slice of its own and not in a scope or service, or use an engine with the driver"
                            + " cgroupfs",
                    null);
        }
        return name;
    }

    /** A container's group, without what is below it: its processes may have been moved there. */
    private static String of(String container, String cgroup, Place place) {
        String seen = deepest(cgroup);
        int at = seen.indexOf(container);
        if (at >= 0) {
            int end = seen.indexOf('/', at);
            return end < 0 ? seen : seen.substring(0, end);
        }
        // With a cgroup namespace of its own, the default with cgroup v2, a container sees only what is below its
        // group.
        if (place.driver().equals("systemd")) {
            return "docker-" + container + ".scope";
        }
        String parent = place.given().isEmpty() ? "/docker" : place.given();
        return (parent.startsWith("/") ? parent : "/" + parent).replaceFirst("/+$", "") + "/" + container;
    }

    /**
     * The one group within all others that the process is in: with cgroup v1, each controller has groups of its own, and a
     * container is in the same one of each.
     */
    private static String deepest(String cgroup) {
        List<String[]> lines = cgroup.lines()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3 && parts[2].startsWith("/"))
                .toList();
        List<String> v1 = lines.stream()
                .filter(parts -> !parts[1].isEmpty())
                .map(parts -> parts[2])
                .distinct()
                .toList();
        List<String> paths =
                v1.isEmpty() ? lines.stream().map(parts -> parts[2]).toList() : v1;
        String deepest = paths.stream()
                .max(Comparator.comparingInt(String::length))
                .orElseThrow(() -> unknown("/proc/self/cgroup names none"));
        for (String path : paths) {
            if (!path.equals("/") && !deepest.equals(path) && !deepest.startsWith(path + "/")) {
                throw unknown("its controllers are in groups apart: " + path + " and " + deepest);
            }
        }
        if ((deepest + "/").contains("/../")) {
            throw unknown("it is outside of its cgroup namespace: " + deepest);
        }
        return deepest;
    }

    private static EngineException unknown(String why) {
        return new EngineException(
                OPERATION,
                "/proc/self/cgroup",
                Optional.of(why),
                "Leave children in the engine's own cgroup, and limit them with SessionPolicy.maxMemory and its like",
                null);
    }
}
