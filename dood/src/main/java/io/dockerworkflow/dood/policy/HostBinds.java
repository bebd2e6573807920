package io.dockerworkflow.dood.policy;

import io.dockerworkflow.internal.host.RealPath;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Which paths a session's containers may mount, and what the engine calls them. Looks at the file system, so not for threads
 * that must not block. Safe for use by several threads.
 */
public final class HostBinds {
    private final Set<Path> roots = ConcurrentHashMap.newKeySet();
    private final Set<Path> mounted = ConcurrentHashMap.newKeySet();
    private final Map<Path, Path> sockets;
    private final Function<Path, Optional<Path>> toHost;

    /** What becomes of a source. */
    sealed interface Source {
        /** Mount this path of the engine's host. */
        record Mount(String hostPath) implements Source {}

        /** It is outside of what may be mounted. */
        record Outside() implements Source {}

        /** It cannot be mounted under any policy. */
        record Impossible(String reason) implements Source {}
    }

    /**
     * Binds of a session.
     *
     * @param sockets the engine's sockets, each with the socket that a container gets in its place
     * @param toHost what the engine's host calls a path of ours; empty for a path that the host does not have
     */
    public HostBinds(Map<Path, Path> sockets, Function<Path, Optional<Path>> toHost) {
        this.sockets = Map.copyOf(sockets);
        this.toHost = toHost;
    }

    /** Allows mounting this path and all beneath it from now on: a workspace. */
    public void allow(Path root) {
        roots.add(RealPath.of(root.toAbsolutePath().normalize()).orElse(root));
    }

    /** Decides on the source of a bind mount. */
    Source resolve(String source, Rules rules) {
        Path named;
        try {
            named = Path.of(source);
        } catch (InvalidPathException e) {
            return new Source.Impossible("not a path: " + e.getReason());
        }
        if (!named.isAbsolute()) {
            return new Source.Impossible("not an absolute path");
        }
        // The engine removes ".." by text before the kernel follows links; so do we, or "link/.." would mean two
        // things.
        named = named.normalize();
        Optional<Path> real = RealPath.of(named);
        Optional<Path> socket = Optional.ofNullable(sockets.get(named)).or(() -> real.map(sockets::get));
        if (socket.isPresent()) {
            return toHost(socket.get());
        }
        if (rules.allows(Rule.HOST_PATHS)) {
            return toHost(named);
        }
        if (real.isEmpty() || !isAllowed(real.get(), rules)) {
            return new Source.Outside();
        }
        mounted.add(real.get());
        // The real path, so that the engine need not follow a link that has been changed meanwhile.
        return toHost(real.get());
    }

    /**
     * Looks again at every source that was allowed: between create and start, a directory may have been replaced by a link.
     *
     * @return a source that now leads outside, if there is one
     */
    Optional<Path> strayed(Rules rules) {
        return mounted.stream()
                .filter(path ->
                        RealPath.of(path).filter(now -> isAllowed(now, rules)).isEmpty())
                .findFirst();
    }

    private boolean isAllowed(Path real, Rules rules) {
        return sockets.containsValue(real)
                || roots.stream().anyMatch(real::startsWith)
                || rules.values(Rule.HOST_PATHS).stream()
                        .map(root -> Path.of(root).toAbsolutePath().normalize())
                        .anyMatch(root -> real.startsWith(RealPath.of(root).orElse(root)));
    }

    private Source toHost(Path path) {
        return toHost.apply(path)
                .<Source>map(host -> new Source.Mount(host.toString()))
                .orElseGet(() -> new Source.Impossible("this process runs in a container, and " + path
                        + " is on none of the mounts that it shares with the engine's host"));
    }
}
