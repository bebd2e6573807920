package io.dockerworkflow.internal.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.http.RawHttp;
import io.dockerworkflow.internal.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the engine's host calls a path of this process. The same, mostly; but where this process runs in a container with the
 * host's socket, a bind mount's source is a path of the host, and a path of the container would be mounted as a new, empty
 * directory. Immutable.
 */
public final class HostPaths {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int BODY_LIMIT = 4 * 1024 * 1024;

    private final Kind kind;
    private final String container;
    private final List<Mount> mounts;
    private final List<String> addresses;

    private enum Kind {
        SAME,
        OWN_CONTAINER,
        FOREIGN_CONTAINER
    }

    /** A mount of the own container; an empty source is one that the host knows no path for. */
    private record Mount(Path destination, Optional<Path> source, boolean volume, boolean writable) {}

    private HostPaths(Kind kind, String container, List<Mount> mounts, List<String> addresses) {
        this.kind = kind;
        this.container = container;
        this.mounts = mounts.stream()
                .sorted(Comparator.comparingInt(
                                (Mount mount) -> mount.destination().getNameCount())
                        .reversed())
                .toList();
        this.addresses = List.copyOf(addresses);
    }

    /** The host calls every path what this process calls it. */
    public static HostPaths same() {
        return new HostPaths(Kind.SAME, "", List.of(), List.of());
    }

    /**
     * Finds out whether this process runs in a container of that engine, and what it mounts.
     *
     * @throws EngineException if the engine cannot be asked
     */
    public static HostPaths of(EngineConnection engine) {
        return of(CurrentContainer.read(Path.of("/")), engine);
    }

    static HostPaths of(CurrentContainer own, EngineConnection engine) {
        if (!own.isContainer()) {
            return same();
        }
        Optional<JsonNode> inspected = firstOf(own.candidates(), engine, own::matches)
                // In another container's network namespace, all that could name ours names the other one.
                .or(() -> firstOf(running(engine), engine, own::hasRootOf));
        if (inspected.isPresent()) {
            return of(inspected.get());
        }
        // An engine that is reached over the network and does not know us is not our host's: a daemon beside us, say,
        // which
        // shares the workspace at the same path. Through a socket it most likely is the host's, under another container
        // engine.
        return engine.endpoint() instanceof Endpoint.UnixSocket
                ? new HostPaths(Kind.FOREIGN_CONTAINER, own.hostname(), List.of(), List.of())
                : same();
    }

    static HostPaths of(JsonNode inspected) {
        List<Mount> mounts = new ArrayList<>();
        for (JsonNode mount : inspected.path("Mounts")) {
            Optional<Path> source = Optional.of(mount.path("Source").asText())
                    .filter(text -> text.startsWith("/"))
                    .map(Path::of);
            Path destination = Path.of(mount.path("Destination").asText()).normalize();
            mounts.add(new Mount(
                    RealPath.of(destination).orElse(destination),
                    mount.path("Type").asText().equals("tmpfs") ? Optional.empty() : source,
                    mount.path("Type").asText().equals("volume"),
                    mount.path("RW").asBoolean()));
        }
        inspected
                .path("HostConfig")
                .path("Tmpfs")
                .fieldNames()
                .forEachRemaining(
                        path -> mounts.add(new Mount(Path.of(path).normalize(), Optional.empty(), false, false)));
        List<String> addresses = new ArrayList<>();
        for (JsonNode network : inspected.path("NetworkSettings").path("Networks")) {
            String address = network.path("IPAddress").asText();
            if (!address.isEmpty()) {
                addresses.add(address);
            }
        }
        return new HostPaths(Kind.OWN_CONTAINER, inspected.path("Id").asText(), mounts, addresses);
    }

    /** The id of the container that this process runs in, if it is one of the engine's. */
    public Optional<String> container() {
        return kind == Kind.OWN_CONTAINER ? Optional.of(container) : Optional.empty();
    }

    /** Whether this process runs in a container that the engine does not know: another engine's. */
    boolean isForeignContainer() {
        return kind == Kind.FOREIGN_CONTAINER;
    }

    /** The addresses at which the own container's neighbours reach it; none outside of containers. */
    public List<String> addresses() {
        return addresses;
    }

    /** The writable directories of the own container that the host has too: volumes first, the shortest path first. */
    public List<Path> shared() {
        return mounts.stream()
                .filter(mount -> mount.writable() && mount.source().isPresent())
                .filter(mount -> Files.isDirectory(mount.destination()))
                .sorted(Comparator.comparing((Mount mount) -> !mount.volume())
                        .thenComparingInt(
                                mount -> mount.destination().toString().length()))
                .map(Mount::destination)
                .toList();
    }

    /**
     * What the host calls the path.
     *
     * @param path an absolute path, of something that exists or not
     * @return empty if the host has no such path: it is on the container's own file system
     */
    public Optional<Path> toHost(Path path) {
        if (kind == Kind.SAME) {
            return Optional.of(path);
        }
        Optional<Path> real = RealPath.of(path.normalize());
        return real.flatMap(known -> mounts.stream()
                .filter(mount -> known.startsWith(mount.destination()))
                .findFirst()
                .flatMap(mount -> mount.source()
                        .map(source -> source.resolve(mount.destination().relativize(known))
                                .normalize())));
    }

    /** Where this process is, for messages. */
    @Override
    public String toString() {
        return switch (kind) {
            case SAME -> "on the engine's host";
            case OWN_CONTAINER -> "in the engine's container " + container;
            case FOREIGN_CONTAINER -> "in a container that the engine does not know";
        };
    }

    private static Optional<JsonNode> firstOf(
            Collection<String> ids, EngineConnection engine, Predicate<JsonNode> test) {
        return ids.stream()
                .map(id -> get(engine, "/containers/" + id + "/json"))
                .flatMap(Optional::stream)
                .filter(test)
                .findFirst();
    }

    private static List<String> running(EngineConnection engine) {
        List<String> ids = new ArrayList<>();
        get(engine, "/containers/json")
                .ifPresent(list -> list.forEach(item -> ids.add(item.path("Id").asText())));
        return ids;
    }

    private static Optional<JsonNode> get(EngineConnection engine, String path) {
        try (RawConnection connection = RawConnection.open(engine.endpoint(), TIMEOUT)) {
            RawHttp.Response response = RawHttp.request(
                    connection, "GET", "/v" + engine.version().api() + path, Map.of("Connection", "close"));
            byte[] body = response.body(BODY_LIMIT);
            return response.status() == 200 ? Optional.of(JsonTree.read(body)) : Optional.empty();
        } catch (IOException e) {
            throw new EngineException(
                    "ask the engine for the container that this process runs in",
                    engine.endpoint().dockerHost(),
                    Optional.of(String.valueOf(e.getMessage())),
                    "Check that the Docker daemon still answers",
                    e);
        }
    }
}
