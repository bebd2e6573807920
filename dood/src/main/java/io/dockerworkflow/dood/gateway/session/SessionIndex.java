package io.dockerworkflow.dood.gateway.session;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the session has on the engine, and under which names. Safe for use by several threads. */
public final class SessionIndex {

    /**
     * A command in a running container.
     *
     * @param containerId its container
     * @param since when it was made
     */
    record Exec(String containerId, Instant since) {}

    private final AtomicLong revision = new AtomicLong();
    private final NamedObjects containers = new NamedObjects(revision);
    private final NamedObjects networks = new NamedObjects(revision);
    private final NamedObjects volumes = new NamedObjects(revision);
    private final Map<String, Exec> execs = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> addedAliases = new ConcurrentHashMap<>();

    /** The engine names with which containers came to be: under these, and no later one, their creation was told. */
    private final Map<String, String> creationNames = new ConcurrentHashMap<>();

    public NamedObjects containers() {
        return containers;
    }

    public NamedObjects networks() {
        return networks;
    }

    public NamedObjects volumes() {
        return volumes;
    }

    /** Becomes another with each change of names. */
    public long revision() {
        return revision.get();
    }

    public void exec(String execId, String containerId) {
        execs.put(execId, new Exec(containerId, Instant.now()));
    }

    /** The container of an exec of this session. */
    public Optional<String> containerOfExec(String execId) {
        return Optional.ofNullable(execs.get(execId)).map(Exec::containerId);
    }

    /** The execs of this session, by id. */
    Map<String, Exec> execs() {
        return Map.copyOf(execs);
    }

    /** The gateway, not the client, has made the container's name an alias in that network. */
    public void aliasAdded(String containerId, String engineNetwork) {
        addedAliases
                .computeIfAbsent(containerId, any -> ConcurrentHashMap.newKeySet())
                .add(engineNetwork);
        revision.incrementAndGet();
    }

    public void aliasGone(String containerId, String engineNetwork) {
        addedAliases.getOrDefault(containerId, ConcurrentHashMap.newKeySet()).remove(engineNetwork);
        revision.incrementAndGet();
    }

    public boolean isAliasAdded(String containerId, String engineNetwork) {
        return addedAliases.getOrDefault(containerId, Set.of()).contains(engineNetwork);
    }

    public void containerBorn(String containerId, String engineName) {
        creationNames.put(containerId, engineName);
    }

    /** Forgets a container; returns the engine name with which it came to be, if it was known. */
    Optional<String> containerGone(String containerId) {
        Optional<String> named = containers.byId(containerId).map(NamedObjects.Entry::engineName);
        containers.remove(containerId);
        addedAliases.remove(containerId);
        revision.incrementAndGet();
        execs.values().removeIf(exec -> exec.containerId().equals(containerId));
        return Optional.ofNullable(creationNames.remove(containerId)).or(() -> named);
    }

    /** How much there is of everything, for bug reports. */
    @Override
    public String toString() {
        return containers.size() + " containers, " + networks.size() + " networks, " + volumes.size() + " volumes, "
                + execs.size() + " execs, " + addedAliases.size() + " with aliases, " + creationNames.size()
                + " births";
    }
}
