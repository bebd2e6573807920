package io.dockerworkflow;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session as its engine shows it, to anyone who asks.
 *
 * @param id the session
 * @param mode its mode; empty if a newer library opened it, in a mode unknown to this one
 * @param owner the id of its owner, the process that opened it
 * @param ownerAlive whether that process is alive, as far as the engine can tell
 * @param since when its oldest child was made, by the engine's clock; if it has nothing but names of images, when the oldest of
 *     these was given
 * @param keptUntil until when its children are kept for inspection, if a step of it has failed and it was to be kept
 * @param labels the labels that its options added
 * @param children its children; a session that has none yet cannot be seen
 */
public record SessionInfo(
        SessionId id,
        Optional<Mode> mode,
        String owner,
        boolean ownerAlive,
        Instant since,
        Optional<Instant> keptUntil,
        Map<String, String> labels,
        List<ChildInfo> children) {

    /** Copies the collections. */
    public SessionInfo {
        labels = Map.copyOf(labels);
        children = List.copyOf(children);
    }

    /**
     * A child as its engine shows it.
     *
     * @param child what it is, by its name on the engine
     * @param id its id on the engine; a volume's is its name
     * @param name its logical name, if it has one
     * @param created when it was made, by the engine's clock; an image may be older than its session
     * @param state a container's state in the engine's words, as "running"; of anything else, ""
     * @param ports a container's ports, as "8080->80/tcp"
     */
    public record ChildInfo(
            Child child, String id, Optional<String> name, Instant created, String state, List<String> ports) {
        /** Copies the ports. */
        public ChildInfo {
            ports = List.copyOf(ports);
        }
    }
}
