package io.dockerworkflow.dood.gateway.session;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The session's objects of one kind, by id and by name. Safe for use by several threads. */
public final class NamedObjects {

    /**
     * One object.
     *
     * @param id its id on the engine; a volume's engine name
     * @param logicalName what the client calls it
     * @param engineName what the engine calls it
     * @param address what to call it towards the engine, whose messages repeat how they were asked: the engine name if the
     *     client gave a name, else the id
     */
    public record Entry(String id, String logicalName, String engineName, String address) {
        public Entry(String id, String logicalName, String engineName) {
            this(id, logicalName, engineName, id);
        }

        /** What the session does not have: asked by a name that only the session can have, the engine says so itself. */
        static Entry unknown(String reference, String engineName) {
            return new Entry(engineName, reference, engineName);
        }

        /** Ids of containers and networks are never their engine names. */
        public boolean isUnknown() {
            return id.equals(engineName);
        }

        Entry askedFor(String reference) {
            return reference.equals(logicalName) ? new Entry(id, logicalName, engineName, engineName) : this;
        }
    }

    /** How many removed objects are remembered, so that their last events still pass. */
    private static final int MAX_TOMBSTONES = 10_000;

    private final TreeMap<String, Entry> byId = new TreeMap<>();
    private final Map<String, Entry> byName = new HashMap<>();
    private final Map<String, Entry> byEngineName = new HashMap<>();
    private final Map<String, Instant> since = new HashMap<>();
    private final Set<String> tombstones = new LinkedHashSet<>();
    private final AtomicLong revision;

    /** @param revision becomes another with each change */
    public NamedObjects(AtomicLong revision) {
        this.revision = revision;
    }

    public synchronized void put(Entry entry) {
        Entry old = byId.put(entry.id, entry);
        // Asked first: the JVM puts a record's equals together at its first use, which the first object must not wait
        // for.
        if (old != null && entry.equals(old)) {
            return; // each listing tells all of them again
        }
        revision.incrementAndGet();
        since.putIfAbsent(entry.id, Instant.now());
        forgetNames(old);
        byName.put(entry.logicalName, entry);
        byEngineName.put(entry.engineName, entry);
    }

    public synchronized void remove(String id) {
        Entry old = byId.remove(id);
        revision.incrementAndGet();
        since.remove(id);
        forgetNames(old);
        // Also of what was not known yet: it may have gone faster than the answer came that tells of it.
        tombstones.add(id);
        if (tombstones.size() > MAX_TOMBSTONES) {
            tombstones.remove(tombstones.iterator().next());
        }
    }

    /** Unless another object has its names by now. */
    private void forgetNames(@Nullable Entry old) {
        if (old != null) {
            byName.computeIfPresent(old.logicalName, (name, entry) -> entry.id.equals(old.id) ? null : entry);
            byEngineName.computeIfPresent(old.engineName, (name, entry) -> entry.id.equals(old.id) ? null : entry);
        }
    }

    /** Whether an object that had this id is gone. */
    synchronized boolean isGone(String id) {
        return tombstones.contains(id);
    }

    synchronized int size() {
        return byId.size();
    }

    public synchronized Optional<Entry> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public synchronized Optional<Entry> byEngineName(String engineName) {
        return Optional.ofNullable(byEngineName.get(engineName));
    }

    public synchronized Optional<Entry> byName(String logicalName) {
        return Optional.ofNullable(byName.get(logicalName));
    }

    /** Whether the object is or was one of the session's. */
    public synchronized boolean isOrWas(String id) {
        return byId.containsKey(id) || tombstones.contains(id);
    }

    /** In the daemon's order: full id, exact name, id prefix. More than one means that the prefix is ambiguous. */
    synchronized List<Entry> find(String reference) {
        Entry exact = byId.get(reference);
        if (exact == null) {
            exact = byName.get(reference);
        }
        if (exact != null) {
            return List.of(exact);
        }
        if (reference.isEmpty()) {
            return List.of();
        }
        return byId.tailMap(reference).values().stream()
                .takeWhile(entry -> entry.id.startsWith(reference))
                .limit(2)
                .toList();
    }

    public synchronized List<Entry> all() {
        return List.copyOf(byId.values());
    }

    /** Since when an object is in here: its creation, as a rule. Empty if it is not. */
    synchronized Optional<Instant> since(String id) {
        return Optional.ofNullable(since.get(id));
    }

    /** How many removed objects are remembered. */
    synchronized int gone() {
        return tombstones.size();
    }
}
